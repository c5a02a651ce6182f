using Microsoft.Extensions.Configuration;
using SynthStudio.Hosting;

// Settings: appsettings.json beside the program, environment variables (SynthStudio__GrpcPort=...), command line (--SynthStudio:GrpcPort ...).
// A first word says what to do instead of serving.
var verb = args is [var first, ..] && !first.StartsWith('-') ? first : "serve";
var configuration = new ConfigurationBuilder()
    .SetBasePath(AppContext.BaseDirectory)
    .AddJsonFile("appsettings.json", optional: true)
    .AddEnvironmentVariables()
    .AddCommandLine(args is [var word, .. var rest] && word == verb ? rest : args)
    .Build();

try
{
    if (verb == "check") return HostCommands.CheckConfiguration(configuration, all: false, Console.Out) == 0 ? 0 : 2;
    var options = ServerSettings.Read(configuration);
    switch (verb)
    {
        case "serve":
            await using (var server = await EmbeddedServer.StartAsync(options))
            {
                await Console.Out.WriteLineAsync($"gRPC {server.GrpcAddress}  HTTP {server.HttpAddress}");
                await server.WaitForShutdownAsync();
            }

            return 0;
        case "migrate":
            await HostCommands.MigrateAsync(options, Console.Out);
            return 0;
        case "healthcheck":
            return await HostCommands.IsAliveAsync(options) ? 0 : 1;
        default:
            throw new ServerStartException($"{verb} is not known; say serve (or nothing), check, migrate or healthcheck.");
    }
}
catch (ServerStartException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
