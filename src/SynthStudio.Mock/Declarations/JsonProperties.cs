using System.Text.Json;

namespace SynthStudio.Mock;

/// <summary>The properties of one JSON object; each is read by name, and those nobody asked for are refused at the end.</summary>
/// <param name="element">The object.</param>
/// <param name="where">How messages call it.</param>
internal sealed class JsonProperties(JsonElement element, string where)
{
    private readonly HashSet<string> known = [];

    public MockSchemaException Wrong(string why, Exception? inner = null) => new($"{where}: {why}.", inner);

    public JsonElement? Optional(string name)
    {
        known.Add(name);
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public JsonElement Required(string name) => Optional(name) ?? throw Wrong($"'{name}' is needed");

    public string? Text(string name) => Optional(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong($"'{name}' must be a text");

    /// <summary>The largest magnitude of a number: distances and squares of such ones are numbers, too.</summary>
    private const double Largest = 1e150;

    public double? Number(string name, double least = -Largest, double most = Largest) => Optional(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(FormattableString.Invariant($"'{name}' must be a number from {least} to {most}"));

    public long? Whole(string name, long least, long most) => Optional(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(FormattableString.Invariant($"'{name}' must be a whole number from {least} to {most}"));

    /// <exception cref="MockSchemaException">A property was not asked for, or is there twice: only one of them would count.</exception>
    public void RefuseOthers()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!seen.Add(property.Name))
            {
                throw Wrong($"'{property.Name}' is there twice");
            }

            if (!known.Contains(property.Name))
            {
                throw Wrong($"'{property.Name}' is not known here; known are {string.Join(", ", known)}");
            }
        }
    }
}
