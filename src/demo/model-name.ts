/** The offline demo as the service names its models. */
export const DEMO_MODEL = 'plumb-demo';
