using System.Text;

namespace SynthStudio.Tabular.Tests;

/// <summary>A folder of a test's own, deleted after it, and the files made in it.</summary>
public abstract class FileTest : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tabular-tests-").FullName;

    public string PathOf(string name) => Path.Combine(folder, name);

    protected string Save(string text, string name = "table.csv") => Save(Encoding.UTF8.GetBytes(text), name);

    protected string Save(byte[] bytes, string name = "table.csv")
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    protected Table Read(string text, SchemaFile? schema = null, ReadOptions? options = null) =>
        TableReader.Read(Save(text), schema: schema, options: options);

    protected static TableException Refused(TableError error, Action action)
    {
        var refusal = Assert.ThrowsExactly<TableException>(action);
        Assert.AreEqual(error, refusal.Error, refusal.Message);
        return refusal;
    }

    /// <summary>A table with one column <c>v</c>.</summary>
    protected static string Lines(IEnumerable<string> values) => "v\n" + string.Join("\n", values) + "\n";

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
