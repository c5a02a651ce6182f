using System.Text.Json;

namespace SynthStudio.Compute;

/// <summary>Reads what a worker says its private training promises.</summary>
internal static class Statements
{
    /// <summary>The statement; null for an empty text.</summary>
    /// <exception cref="InvalidDataException">The text is no statement.</exception>
    public static PrivacyStatement? Parse(string json)
    {
        if (json.Length == 0) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new PrivacyStatement
            {
                Guaranteed = root.GetProperty("guaranteed").GetBoolean(),
                Epsilon = root.GetProperty("epsilon").GetDouble(),
                Delta = root.GetProperty("delta").GetDouble(),
                Unit = root.GetProperty("unit").GetString()!,
                MaxRowsPerUnit = root.GetProperty("max_rows_per_unit").GetInt32(),
                Neighbouring = root.GetProperty("neighbouring").GetString()!,
                Rows = root.GetProperty("rows").GetInt64(),
                EventJson = root.GetProperty("event").GetRawText(),
                Declared = Texts("declared"),
                Bought = Texts("bought"),
                Outside = Texts("outside"),
            };

            List<string> Texts(string name) => [.. root.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("The worker's statement of what its training promises cannot be read.", e);
        }
    }
}
