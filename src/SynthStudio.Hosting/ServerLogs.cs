using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace SynthStudio.Hosting;

/// <summary>Serilog for every host: JSON lines with trace ids in the data folder; on standard error, when asked for, the same or readable ones.</summary>
internal static class ServerLogs
{
    private const string ConsoleTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    private const long FileBytes = 100 << 20;

    /// <summary>How many files are kept: of two weeks, or of less time where much is said.</summary>
    internal const int Files = 14;

    /// <summary>What the files in a data folder take at most; a line may go beyond.</summary>
    internal const long MostBytes = Files * FileBytes;

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
                .WriteTo.ToFiles(folder.Logs);
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

    /// <summary>JSON lines in files of a day, or of so many bytes where a day has more; the oldest go.</summary>
    internal static LoggerConfiguration ToFiles(this LoggerSinkConfiguration sinks, string folder, long fileBytes = FileBytes) => sinks.File(
        new CompactJsonFormatter(), Path.Combine(folder, "server-.json"), fileSizeLimitBytes: fileBytes, rollingInterval: RollingInterval.Day, rollOnFileSizeLimit: true,
        retainedFileCountLimit: Files);
}
