using Microsoft.Extensions.Configuration;
using SynthStudio.Hosting;

// Settings: appsettings.json beside the program, environment variables (SynthStudio__GrpcPort=...), command line (--SynthStudio:GrpcPort ...).
var configuration = new ConfigurationBuilder()
    .SetBasePath(AppContext.BaseDirectory)
    .AddJsonFile("appsettings.json", optional: true)
    .AddEnvironmentVariables()
    .AddCommandLine(args)
    .Build();

try
{
    await using var server = await EmbeddedServer.StartAsync(ServerSettings.Read(configuration));
    await Console.Out.WriteLineAsync($"gRPC {server.GrpcAddress}  HTTP {server.HttpAddress}");
    await server.WaitForShutdownAsync();
    return 0;
}
catch (ServerStartException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
