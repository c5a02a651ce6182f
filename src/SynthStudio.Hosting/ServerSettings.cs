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
            .. Failures(options.S3, $"{ServerOptions.SectionName}:{nameof(options.S3)}"),
            .. Failures(options.Scheduling, $"{ServerOptions.SectionName}:{nameof(options.Scheduling)}"),
            .. Failures(options.Workers, $"{ServerOptions.SectionName}:{nameof(options.Workers)}"),
        ];
        if (failures.Length > 0) throw new ServerStartException(string.Join(" ", failures));

        if (!IPAddress.TryParse(options.BindAddress, out _))
        {
            throw new ServerStartException($"SynthStudio:BindAddress is \"{options.BindAddress}\"; it must be an IP address.");
        }
    }

    private static IEnumerable<string> Failures(object options, string section)
    {
        var failures = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true);
        return failures.Select(f => $"{section}:{f.MemberNames.First()} {f.ErrorMessage}");
    }
}
