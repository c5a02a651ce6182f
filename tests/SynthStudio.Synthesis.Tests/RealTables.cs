namespace SynthStudio.Synthesis.Tests;

/// <summary>Public tables that lie beside the repository, or where SYNTHSTUDIO_TEST_DATA says; tests over them have no cases when they are absent.</summary>
public static class RealTables
{
    private static string? Folder { get; } = Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA") is { Length: > 0 } named
        ? named
        : Ancestors(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, "shared", "data")).FirstOrDefault(Directory.Exists);

    /// <summary>Table and method.</summary>
    public static IEnumerable<object[]> Cases =>
        from name in new[] { "taxis", "california_housing", "airbnb", "housing_at" }
        where Folder is not null && File.Exists(Data(name))
        from method in new[] { "autoregressive", "cart", "copula" }
        select new object[] { name, method };

    public static string Data(string name) => Path.Combine(Folder!, name, name + ".csv.gz");

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }
}
