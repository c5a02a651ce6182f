using System.Text.Json;
using SynthStudio.Catalog.Packages;

namespace SynthStudio.Api.Packages;

/// <summary>What a package's manifest says that its model promises.</summary>
internal static class ClaimedPrivacy
{
    /// <summary>The statement; null when the package promises nothing.</summary>
    /// <exception cref="PackageException">It is no statement.</exception>
    public static PrivacyStatement? Find(JsonElement manifest)
    {
        if (!manifest.TryGetProperty("privacy_statement", out var said) || said.ValueKind == JsonValueKind.Null) return null;
        try
        {
            if (!said.GetProperty("guaranteed").GetBoolean()) return null;
            return new PrivacyStatement
            {
                Guaranteed = true,
                Epsilon = said.GetProperty("epsilon").GetDouble(),
                Delta = said.GetProperty("delta").GetDouble(),
                Unit = said.GetProperty("unit").GetString()!,
                MaxRowsPerUnit = said.GetProperty("max_rows_per_unit").GetInt32(),
                Neighbouring = said.GetProperty("neighbouring").GetString()!,
                Rows = said.GetProperty("rows").GetInt64(),
                EventJson = said.GetProperty("event").GetRawText(),
                Declared = Texts("declared"),
                Bought = Texts("bought"),
                Outside = Texts("outside"),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PackageException(PackageError.Corrupt, "The file is no intact model package: its statement of privacy cannot be read.", e);
        }

        List<string> Texts(string name) => [.. said.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
    }
}
