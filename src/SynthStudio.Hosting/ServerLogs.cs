using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace SynthStudio.Hosting;

/// <summary>Serilog for every host: JSON lines with trace ids in the data folder; on standard error, when asked for, the same or readable ones.</summary>
internal static class ServerLogs
{
    private const string ConsoleTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    public static IServiceCollection AddServerLogs(this IServiceCollection services, DataFolder folder, ServerOptions options) =>
        services.AddSerilog(logs =>
        {
            logs.MinimumLevel.Information()
                .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Grpc", LogEventLevel.Warning)
                .MinimumLevel.Override("Grpc.AspNetCore.Server.ServerCallHandler", LogEventLevel.Fatal) // It logs a stack for every request that cannot be read.
                .MinimumLevel.Override("Polly", LogEventLevel.Warning) // Orleans places grains by it: two lines each.
                .Enrich.FromLogContext()
                .Enrich.With(new HarmlessText())
                .WriteTo.File(
                    new CompactJsonFormatter(), Path.Combine(folder.Logs, "server-.json"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14);
            if (!options.LogToConsole) return;

            if (options.LogFormat == ServerOptions.JsonLog)
            {
                logs.WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose);
            }
            else
            {
                logs.WriteTo.Console(outputTemplate: ConsoleTemplate, standardErrorFromLevel: LogEventLevel.Verbose);
            }
        });
}
