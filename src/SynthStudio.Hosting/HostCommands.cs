using Microsoft.Extensions.Configuration;

namespace SynthStudio.Hosting;

/// <summary>What a container of the host does instead of serving: images without a shell have no other program.</summary>
public static class HostCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary><c>migrate</c>: brings the database to this version's schema, as <c>synth migrate</c> does, by the host's settings.</summary>
    /// <param name="options">Its database, as the schema's owner, and what to grant.</param>
    /// <param name="output">Told what was done.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="ServerStartException">There is no such database, it refuses, or a newer program migrated it.</exception>
    public static async Task MigrateAsync(ServerOptions options, TextWriter output, CancellationToken cancellation = default)
    {
        if (options.Database.ConnectionString.Length == 0) throw new ServerStartException("SynthStudio:Database:ConnectionString is not set; it names what to migrate.");

        var applied = await new Migration(options.Database.ConnectionString)
        {
            ServiceRole = NullIfEmpty(options.Migration.ServiceRole),
            ReaderRole = NullIfEmpty(options.Migration.ReaderRole),
            AdminKeyFile = NullIfEmpty(options.Migration.AdminKeyFile),
        }.ApplyAsync(cancellation);
        foreach (var script in applied) await output.WriteLineAsync($"applied {script}");
        if (applied.Count == 0) await output.WriteLineAsync("the schema is up to date");
    }

    /// <summary><c>healthcheck</c>: whether the server of these settings, on this machine, says that it lives.</summary>
    public static async Task<bool> IsAliveAsync(ServerOptions options, CancellationToken cancellation = default)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{options.HttpPort}/healthz/live"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary><c>check</c>: writes down what a configuration comes to and what is wrong with it.</summary>
    /// <param name="configuration">As it was built.</param>
    /// <param name="all">Whether settings that nobody set are shown too.</param>
    /// <param name="output">Where to write.</param>
    /// <returns>How many problems would stop the start.</returns>
    public static int CheckConfiguration(IConfigurationRoot configuration, bool all, TextWriter output)
    {
        var (options, unreadable) = ServerSettings.TryRead(configuration);
        foreach (var (setting, value, source) in EffectiveSettings.Of(configuration, options).Where(s => all || s.Source != EffectiveSettings.Default))
            output.WriteLine($"{setting.Name} = {value}  ({source})");
        var problems = unreadable.Concat(ServerSettings.Problems(options)).ToArray();
        foreach (var problem in problems.OrderByDescending(p => p.IsError)) output.WriteLine($"{(problem.IsError ? "error" : "warning")}: {problem}");
        if (problems.Length == 0) output.WriteLine("nothing is wrong");
        return problems.Count(problem => problem.IsError);
    }

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
