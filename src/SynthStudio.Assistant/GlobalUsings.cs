global using Microsoft.Extensions.AI;
global using Microsoft.Extensions.Logging;
