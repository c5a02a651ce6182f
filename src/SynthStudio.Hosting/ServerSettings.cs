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
        var options = new ServerOptions();
        try
        {
            // A misspelt setting that is silently a default would be found out much later.
            configuration.GetSection(ServerOptions.SectionName).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            return options;
        }
        catch (InvalidOperationException e)
        {
            throw new ServerStartException($"The section {ServerOptions.SectionName} of the configuration cannot be read. {e.Message}", e);
        }
    }

    /// <exception cref="ServerStartException">A value is not allowed; the message tells all that are not.</exception>
    internal static void Check(ServerOptions options)
    {
        string[] failures =
        [
            .. Failures(options, ServerOptions.SectionName),
            .. Failures(options.Api, $"{ServerOptions.SectionName}:{nameof(options.Api)}"),
            .. Failures(options.Api.Webhooks, $"{ServerOptions.SectionName}:{nameof(options.Api)}:{nameof(options.Api.Webhooks)}"),
            .. Failures(options.Api.Accounts, $"{ServerOptions.SectionName}:{nameof(options.Api)}:{nameof(options.Api.Accounts)}"),
            .. Failures(options.Api.Mail, $"{ServerOptions.SectionName}:{nameof(options.Api)}:{nameof(options.Api.Mail)}"),
            .. Failures(options.Api.OpenId, $"{ServerOptions.SectionName}:{nameof(options.Api)}:{nameof(options.Api.OpenId)}"),
            .. Failures(options.Database, $"{ServerOptions.SectionName}:{nameof(options.Database)}"),
            .. Failures(options.Cluster, $"{ServerOptions.SectionName}:{nameof(options.Cluster)}"),
            .. Failures(options.Redis, $"{ServerOptions.SectionName}:{nameof(options.Redis)}"),
            .. Failures(options.S3, $"{ServerOptions.SectionName}:{nameof(options.S3)}"),
            .. Failures(options.Scheduling, $"{ServerOptions.SectionName}:{nameof(options.Scheduling)}"),
            .. Failures(options.Telemetry, $"{ServerOptions.SectionName}:{nameof(options.Telemetry)}"),
            .. Failures(options.Workers, $"{ServerOptions.SectionName}:{nameof(options.Workers)}"),
            .. ClusterFailures(options),
        ];
        if (failures.Length > 0) throw new ServerStartException(string.Join(" ", failures));

        if (!IPAddress.TryParse(options.BindAddress, out _))
        {
            throw new ServerStartException($"SynthStudio:BindAddress is \"{options.BindAddress}\"; it must be an IP address.");
        }
    }

    /// <summary>What the processes of a cluster must share, and a single one need not.</summary>
    private static IEnumerable<string> ClusterFailures(ServerOptions options)
    {
        if (!options.Database.IsPostgres)
        {
            if (options.Role != ServerRole.All)
                yield return $"SynthStudio:Role is {options.Role}; one process on a data folder is All. For a cluster set SynthStudio:Database:Provider to postgres.";
            if (options.Database.ConnectionString.Length > 0)
                yield return "SynthStudio:Database:ConnectionString is set, but SynthStudio:Database:Provider is sqlite; for PostgreSQL set it to postgres.";
            yield break;
        }

        if (options.Database.ConnectionString.Length == 0)
            yield return "SynthStudio:Database:ConnectionString is not set; the provider postgres needs it.";
        if (options.S3.Bucket.Length == 0)
            yield return "SynthStudio:S3:Bucket is not set; the processes of a cluster share their objects in a bucket.";
        if (options.LedgerFolder.Length == 0)
            yield return "SynthStudio:LedgerFolder is not set; the processes of a cluster share the key of the privacy ledger in such a folder.";
        if (options.Cluster.AdvertisedAddress.Length > 0 && !IPAddress.TryParse(options.Cluster.AdvertisedAddress, out _))
            yield return $"SynthStudio:Cluster:AdvertisedAddress is \"{options.Cluster.AdvertisedAddress}\"; it must be an IP address.";
        if (options.Cluster.ListenAddress.Length > 0 && !IPAddress.TryParse(options.Cluster.ListenAddress, out _))
            yield return $"SynthStudio:Cluster:ListenAddress is \"{options.Cluster.ListenAddress}\"; it must be an IP address.";
    }

    private static IEnumerable<string> Failures(object options, string section)
    {
        var failures = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true);
        return failures.Select(f => $"{section}:{f.MemberNames.First()} {f.ErrorMessage}");
    }
}
