using System.Text.Json;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Parts of a stored plan that no model writes as null: whoever forges one is refused when it is read, not when rows are drawn.
/// </summary>
internal static class StoredParts
{
    /// <summary>A name.</summary>
    /// <exception cref="JsonException">It is null.</exception>
    public static string Name(string? name) => name ?? throw Lacking("name");

    /// <summary>A column with its name.</summary>
    /// <exception cref="JsonException">It is null, or its name is.</exception>
    public static ColumnSchema Column(ColumnSchema? column) => column is { Name: not null } ? column : throw Lacking("column");

    /// <summary>A list.</summary>
    /// <exception cref="JsonException">It is null, or something in it is.</exception>
    public static T[] Each<T>(T[]? parts) where T : class =>
        parts is not null && Array.TrueForAll(parts, part => part is not null) ? parts : throw Lacking("list");

    /// <summary>A list of columns with their names.</summary>
    /// <exception cref="JsonException">It is null, or a column in it, or a name.</exception>
    public static ColumnSchema[] Columns(ColumnSchema[]? columns) => Array.ConvertAll(Each(columns), Column);

    private static JsonException Lacking(string part) => new($"A {part} of the plan is null.");
}
