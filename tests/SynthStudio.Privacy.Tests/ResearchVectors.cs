using System.Text.Json;

namespace SynthStudio.Privacy.Tests;

/// <summary>Accounting vectors that lie beside the repository, in <c>shared/research</c>; tests over them have no cases when they are absent.</summary>
internal static class ResearchVectors
{
    private static readonly JsonElement? Root = Load();

    public static IEnumerable<JsonElement> Of(string list) => Root is { } root ? root.GetProperty(list).EnumerateArray() : [];

    public static double Number(this JsonElement row, string name) => row.GetProperty(name).GetDouble();

    private static JsonElement? Load()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "research", "privacy_vectors.json");
            if (File.Exists(file)) return JsonDocument.Parse(Finite(File.ReadAllText(file))).RootElement;
        }

        return null;
    }

    /// <summary>The file writes infinities in a way that JSON does not know.</summary>
    private static string Finite(string json) => json.Replace("-Infinity", "null").Replace("Infinity", "null").Replace("NaN", "null");
}
