using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace SynthStudio.Hosting;

/// <summary>Reads and checks <see cref="ServerOptions"/>. Every message names the setting as the configuration does.</summary>
public static class ServerSettings
{
    /// <summary>The options in the section <see cref="ServerOptions.SectionName"/>.</summary>
    /// <exception cref="ServerStartException">A setting is not known, or its value is of another kind.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        var (options, problems) = TryRead(configuration);
        return problems.Count == 0 ? options : throw new ServerStartException(string.Join(" ", problems));
    }

    /// <summary>The same with all that is wrong, instead of an exception at the first; what cannot be read keeps its default.</summary>
    public static (ServerOptions Options, IReadOnlyList<SettingProblem> Problems) TryRead(IConfiguration configuration)
    {
        var problems = new List<SettingProblem>();
        var known = SecretFiles.Resolve(configuration, problems.Add);

        // A misspelt setting that is silently a default would be found out much later.
        problems.AddRange(known.AsEnumerable()
            .Where(pair => pair.Value is not null && IsOurs(pair.Key) && Find(pair.Key) is null)
            .Select(pair => Unknown(pair.Key)));
        foreach (var setting in Setting.All.SelectMany(setting =>
            setting.Named(list => known.GetSection(list).GetChildren().Select(entry => entry.Key))))
        {
            foreach (var (name, value) in Values(known, setting)) Convert(known, setting, name, value, problems);
        }

        var options = new ServerOptions();
        var readable = problems.Select(p => p.Setting).ToHashSet(StringComparer.OrdinalIgnoreCase);
        new ConfigurationBuilder().AddInMemoryCollection(known.AsEnumerable().Where(pair => !readable.Contains(pair.Key))).Build()
            .GetSection(ServerOptions.SectionName).Bind(options);
        return (options, problems);
    }

    /// <summary>Everything that is wrong with options, and what is allowed but unsafe.</summary>
    public static IEnumerable<SettingProblem> Problems(ServerOptions options) =>
        [.. Failures(options, ServerOptions.SectionName), .. Addresses(options), .. ClusterFailures(options), .. InsecureSettings.Of(options)];

    /// <exception cref="ServerStartException">A value is not allowed; the message tells all that are not.</exception>
    internal static void Check(ServerOptions options)
    {
        var errors = Problems(options).Where(problem => problem.IsError).ToArray();
        if (errors.Length > 0) throw new ServerStartException(string.Join<SettingProblem>(" ", errors));
    }

    /// <summary>The setting of a key of the configuration: of a list's entry, the list.</summary>
    internal static Setting? Find(string key) => Setting.All.FirstOrDefault(setting => setting.Is(key));

    internal static bool IsOurs(string key) => key.StartsWith(ServerOptions.SectionName + ":", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string Name, string Value)> Values(IConfiguration configuration, Setting setting) => setting.IsList
        ? configuration.GetSection(setting.Name).GetChildren().Where(c => c.Value is not null).Select(c => (c.Path, c.Value!))
        : configuration[setting.Name] is { } value ? [(setting.Name, value)] : [];

    private static void Convert(IConfiguration configuration, Setting setting, string name, string value, List<SettingProblem> problems)
    {
        if (value.Length == 0 && Nullable.GetUnderlyingType(setting.Property.PropertyType) is not null) return;
        try
        {
            configuration.GetSection(name).Get(setting.ValueType);
        }
        catch (InvalidOperationException)
        {
            problems.Add(new(name, $"is \"{(setting.IsSecret ? "…" : value)}\"; it must be {Kind(setting.ValueType)}: {setting.Allowed}.", IsError: true));
        }
    }

    private static string Kind(Type type) => type == typeof(TimeSpan) ? "a time, for example 00:10:00"
        : type == typeof(double) ? "a number"
        : type == typeof(bool) ? "a flag"
        : type.IsEnum ? "one of the words"
        : "a whole number";

    private static SettingProblem Unknown(string key)
    {
        var near = Setting.All.Select(s => s.Name).MinBy(name => Distance(name, key))!;
        return new(key, Distance(near, key) <= 3 ? $"is not known; did you mean {near}?" : "is not known; `synth config list` shows what is.", IsError: true);
    }

    /// <summary>Insertions, deletions and replacements that make one text of the other (Levenshtein), without regard to case.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[b.Length];
    }

    private static IEnumerable<SettingProblem> Failures(object options, string section)
    {
        var failures = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true);
        foreach (var failure in failures) yield return new($"{section}:{failure.MemberNames.First()}", failure.ErrorMessage!, IsError: true);
        foreach (var inner in options.GetType().GetProperties().Where(p => Setting.IsSection(p.PropertyType)))
        {
            foreach (var failure in Failures(inner.GetValue(options)!, $"{section}:{inner.Name}")) yield return failure;
        }
    }

    private static IEnumerable<SettingProblem> Addresses(ServerOptions options)
    {
        if (!IPAddress.TryParse(options.BindAddress, out _)) yield return Problem(nameof(options.BindAddress), $"is \"{options.BindAddress}\"; it must be an IP address.");
        if (options.Cluster.AdvertisedAddress.Length > 0 && !IPAddress.TryParse(options.Cluster.AdvertisedAddress, out _))
            yield return Problem("Cluster:AdvertisedAddress", $"is \"{options.Cluster.AdvertisedAddress}\"; it must be an IP address.");
        if (options.Cluster.ListenAddress.Length > 0 && !IPAddress.TryParse(options.Cluster.ListenAddress, out _))
            yield return Problem("Cluster:ListenAddress", $"is \"{options.Cluster.ListenAddress}\"; it must be an IP address.");
    }

    /// <summary>What the processes of a cluster must share, and a single one need not.</summary>
    private static IEnumerable<SettingProblem> ClusterFailures(ServerOptions options)
    {
        if (!options.Database.IsPostgres)
        {
            if (options.Role != ServerRole.All)
                yield return Problem("Role", $"is {options.Role}; one process on a data folder is All. For a cluster set SynthStudio:Database:Provider to postgres.");
            if (options.Database.ConnectionString.Length > 0)
                yield return Problem("Database:ConnectionString", "is set, but SynthStudio:Database:Provider is sqlite; for PostgreSQL set it to postgres.");
            yield break;
        }

        if (options.Database.ConnectionString.Length == 0) yield return Problem("Database:ConnectionString", "is not set; the provider postgres needs it.");
        if (options.S3.Bucket.Length == 0) yield return Problem("S3:Bucket", "is not set; the processes of a cluster share their objects in a bucket.");
        if (options.LedgerFolder.Length == 0)
            yield return Problem("LedgerFolder", "is not set; the processes of a cluster share the key of the privacy ledger in such a folder.");
    }

    private static SettingProblem Problem(string name, string text) => new($"{ServerOptions.SectionName}:{name}", text, IsError: true);
}
