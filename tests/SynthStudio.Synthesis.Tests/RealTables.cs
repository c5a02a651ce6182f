using SynthStudio.Tests;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Public tables, where they lie beside the repository or where SYNTHSTUDIO_TEST_DATA says, and one that is made here.</summary>
public static class RealTables
{
    private const string Made = "made";

    private static string? Folder { get; } = Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA") is { Length: > 0 } named
        ? named
        : Ancestors(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, "shared", "data")).FirstOrDefault(Directory.Exists);

    /// <summary>Table and method.</summary>
    public static IEnumerable<object[]> Cases =>
        from name in new[] { Made, "taxis", "california_housing", "airbnb", "housing_at" }
        where name == Made || (Folder is not null && File.Exists(Data(name)))
        from method in new[] { "autoregressive", "cart", "copula" }
        select new object[] { name, method };

    public static string Data(string name) => name == Made
        ? Path.Combine(MadeTable.Folder, MadeTable.Name + ".csv.gz")
        : Path.Combine(Folder!, name, name + ".csv.gz");

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }
}
