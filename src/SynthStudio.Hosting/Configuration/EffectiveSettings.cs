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
        Setting.All.Select(setting =>
        {
            var value = Setting.Text(ValueOf(options, setting));
            return (setting, setting.IsSecret && value.Length > 0 ? Hidden : value, SourceOf(configuration, setting));
        });

    /// <summary>The value of a setting in options.</summary>
    internal static object? ValueOf(ServerOptions options, Setting setting)
    {
        object? at = options;
        foreach (var part in setting.Name.Split(':').Skip(1)) at = at!.GetType().GetProperty(part)!.GetValue(at);
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
