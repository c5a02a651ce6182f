namespace SynthStudio.Evaluation.Tests;

/// <summary>Where the public tables lie: in the folder that SYNTHSTUDIO_TEST_DATA names, or in <c>shared/data</c> beside the repository.</summary>
internal static class TestData
{
    /// <summary>The folder, or null when there is none.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA") is { Length: > 0 } named
        ? named
        : Ancestors(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, "shared", "data")).FirstOrDefault(Directory.Exists);

    /// <summary>The independent scoring script beside the tables, or null.</summary>
    public static string? Referee => Folder is null ? null
        : Path.Combine(Folder, "..", "referee", "score.py") is var path && File.Exists(path) ? path : null;

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}
