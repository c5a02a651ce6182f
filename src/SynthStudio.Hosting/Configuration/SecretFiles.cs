using Microsoft.Extensions.Configuration;

namespace SynthStudio.Hosting;

/// <summary>
/// Secrets from files: where a secret's setting is <c>…:SecretKey</c>, <c>…:SecretKeyFile</c> names a file that holds it, as orchestrators mount
/// them. White space at its end is no part of it.
/// </summary>
internal static class SecretFiles
{
    /// <summary>The configuration with the secrets read.</summary>
    /// <param name="configuration">As it was given.</param>
    /// <param name="problem">Told a file that cannot be read, or a secret that is given twice.</param>
    public static IConfiguration Resolve(IConfiguration configuration, Action<SettingProblem> problem)
    {
        var values = configuration.AsEnumerable()
            .Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        var secrets = Setting.All
            .Where(setting => setting.IsSecret)
            .SelectMany(setting => setting.Named(list => configuration.GetSection(list).GetChildren().Select(entry => entry.Key)));
        foreach (var secret in secrets)
        {
            var name = secret.Name + Setting.FileSuffix;
            if (!values.Remove(name, out var file)) continue;
            if (values.TryGetValue(secret.Name, out var given) && given is { Length: > 0 })
                problem(new(name, $"is set, and {secret.Name} too; take one of them away.", IsError: true));
            else if (file is { Length: > 0 }) values[secret.Name] = Read(name, file, problem);
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    private static string Read(string name, string file, Action<SettingProblem> problem)
    {
        try
        {
            var text = File.ReadAllText(file).TrimEnd();
            if (text.Length == 0) problem(new(name, $"names {file}, which is empty; put the secret in it.", IsError: true));
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem(new(name, $"names {file}, which cannot be read; put the secret there, readable by this process.", IsError: true));
            return "";
        }
    }
}
