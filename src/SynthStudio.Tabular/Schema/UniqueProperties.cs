using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>The properties of an object of a schema file, each of them once: of two, a reader would silently take the last.</summary>
internal static class UniqueProperties
{
    /// <param name="element">An object.</param>
    /// <param name="where">What it is, as the error begins.</param>
    /// <param name="column">The column that it describes; null for none.</param>
    /// <exception cref="TableException">A property is there twice; the message names it.</exception>
    public static List<JsonProperty> Of(JsonElement element, string where, string? column = null)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var properties = new List<JsonProperty>();
        foreach (var property in element.EnumerateObject())
        {
            properties.Add(names.Add(property.Name)
                ? property
                : throw new TableException(TableError.InvalidSchema, $"{where} has the property '{property.Name}' twice; leave one of them out.", column));
        }

        return properties;
    }
}
