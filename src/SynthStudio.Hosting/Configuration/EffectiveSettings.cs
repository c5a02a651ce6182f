using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SynthStudio.Hosting;

/// <summary>What a configuration comes to.</summary>
public static class EffectiveSettings
{
    /// <summary>Said instead of a secret.</summary>
    private const string Hidden = "(hidden)";

    /// <summary>The source of what nobody set.</summary>
    public const string Default = "default";

    /// <summary>Every setting with its value, and where that is from; secrets are hidden.</summary>
    /// <param name="configuration">As it was built, its sources in order.</param>
    /// <param name="options">What was read of it.</param>
    public static IEnumerable<(Setting Setting, string Value, string Source)> Of(IConfigurationRoot configuration, ServerOptions options) =>
        Named(options).Select(setting =>
        {
            var value = Setting.Text(ValueOf(options, setting));
            return (setting, setting.IsSecret && value.Length > 0 ? Hidden : value, SourceOf(configuration, setting));
        });

    /// <summary>All settings, those of a list's entries once for each entry.</summary>
    internal static IEnumerable<Setting> Named(ServerOptions options) => Setting.All.SelectMany(setting => setting.Named(
        list => Enumerable.Range(0, ((IList)ValueOf(options, list)!).Count).Select(number => number.ToString(CultureInfo.InvariantCulture))));

    /// <summary>The value of a setting in options.</summary>
    internal static object? ValueOf(ServerOptions options, Setting setting) => ValueOf(options, setting.Name);

    private static object? ValueOf(ServerOptions options, string name)
    {
        object? at = options;
        foreach (var part in name.Split(':').Skip(1))
            at = int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? ((IList)at!)[number]
                : at!.GetType().GetProperty(part)!.GetValue(at);
        return at;
    }

    /// <summary>The last source that says something is the one that counts.</summary>
    private static string SourceOf(IConfigurationRoot configuration, Setting setting)
    {
        var keys = setting.IsList ? configuration.GetSection(setting.Name).GetChildren().Select(child => child.Path).ToArray() : [setting.Name];
        if (setting.IsSecret) keys = [.. keys, setting.Name + Setting.FileSuffix];
        var provider = configuration.Providers.Reverse().FirstOrDefault(p => keys.Any(key => p.TryGet(key, out _)));
        return provider switch
        {
            null => Default,
            FileConfigurationProvider file => file.Source.Path ?? "file",
            _ => provider.GetType().Name switch
            {
                "EnvironmentVariablesConfigurationProvider" => "environment",
                "CommandLineConfigurationProvider" => "command line",
                _ => "given",
            },
        };
    }
}
