using SynthStudio.Tests;

namespace SynthStudio.Tabular.Tests;

/// <summary>Public tables, where they lie beside the repository or where SYNTHSTUDIO_TEST_DATA says, and one that is made here.</summary>
public static class RealTables
{
    private static string? Folder { get; } = Find();

    /// <summary>Pairs of data file and schema file.</summary>
    public static IEnumerable<object[]> Cases => Public.Prepend([MadeTable.Name]);

    private static IEnumerable<object[]> Public =>
        from name in new[]
        {
            "adult/train", "adult/holdout", "taxis/taxis", "airbnb/airbnb", "housing_at/housing_at", "california_housing/california_housing",
            "credit_default/train", "online_shoppers/train",
        }
        where Folder is not null && File.Exists(Path.Combine(Folder, name + ".csv.gz"))
        select new object[] { name };

    public static string Data(string name) => Path.Combine(FolderOf(name), name + ".csv.gz");

    public static SchemaFile Schema(string name) => SchemaFile.Read(Path.Combine(FolderOf(name), Path.GetDirectoryName(name)!, "schema.json"));

    private static string FolderOf(string name) => name == MadeTable.Name ? MadeTable.Folder : Folder!;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
