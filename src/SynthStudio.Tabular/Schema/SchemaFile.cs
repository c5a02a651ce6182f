using System.Text;
using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>
/// The schema file a user may edit: <c>{"target": …, "task": "binary|multiclass|regression", "columns": {name: kind}}</c>, where a kind is
/// one of the names of <see cref="DeclaredKind"/> in lower case, or an object with <c>kind</c>, <c>decimal_places</c>, <c>format</c>,
/// <c>nullable</c>, <c>class</c> (one of <see cref="ValueClass"/> in snake_case), <c>locale</c> (of invented names and places, as
/// <c>de_AT</c>) and <c>order</c> (the categories, lowest first) and <c>missing_markers</c> (the texts that mean a missing value there, in
/// place of NA, NULL and the like; <c>[]</c> where NA is a value). Columns of the source that it does not name are inferred.
/// <c>constraints</c> lists rules that every row keeps, for example <c>{"rule": "inequality", "low": "start", "high": "end"}</c>; see
/// <see cref="Constraint"/>.
/// <para>A column may also declare <c>min</c> and <c>max</c> (numbers, dates, times and durations) and <c>values</c> (categories; of those a value that is
/// not listed counts as <c>other</c> if that is listed). They are rules that every row keeps, see <see cref="TableSchema.ColumnRules"/>,
/// and what private methods know of a column, which take nothing from the data; for those there are <c>bins</c>, too, and the file's
/// <c>unit</c>, <c>max_rows_per_unit</c> and <c>rows</c>; see <see cref="ColumnDomain"/> and <see cref="Population"/>.</para>
/// </summary>
public sealed record SchemaFile
{
    public required IReadOnlyList<ColumnDeclaration> Columns { get; init; }

    /// <summary>Name of the column to predict; null when there is none.</summary>
    public string? Target { get; init; }

    /// <summary>The kind of prediction; null when it is left to the target's kind.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>Rules that every row keeps.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>Whose rows they are and how many.</summary>
    public Population Population { get; init; } = Population.Undeclared;

    /// <summary>Reads a schema from JSON text.</summary>
    /// <param name="json">The text of the file.</param>
    /// <param name="table">Which table, when the file describes several under <c>tables</c>.</param>
    /// <exception cref="TableException">The text is not a schema; the message names the property or column at fault.</exception>
    public static SchemaFile Parse(string json, string? table = null) => SchemaReader.Parse(json, table);

    /// <summary>Reads the schema file at <paramref name="path"/>; see <see cref="Parse"/>.</summary>
    /// <exception cref="TableException">There is no such file, or it is not a schema.</exception>
    public static SchemaFile Read(string path, string? table = null)
    {
        try
        {
            return Parse(File.ReadAllText(path, Encoding.UTF8), table);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TableException(TableError.FileNotFound, $"There is no schema file at {path}.", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TableException(TableError.FileUnreadable, $"The schema file {path} cannot be read.", inner: e);
        }
    }

    /// <summary>The schema file that describes <paramref name="schema"/> completely.</summary>
    public static SchemaFile From(TableSchema schema) => new()
    {
        Columns = [.. schema.Columns.Select(column => ColumnDeclaration.From(column, schema.Domains.GetValueOrDefault(column.Name)))],
        Target = schema.Target,
        Task = schema.Task,
        Constraints = schema.Constraints,
        Population = schema.Population,
    };

    /// <summary>The JSON text; columns that say no more than their kind are written in the short form.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, SchemaWriter.JsonOptions))
        {
            SchemaWriter.Write(json, this);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Writes <see cref="ToJson"/> to <paramref name="path"/>.</summary>
    public void Write(string path) => File.WriteAllText(path, ToJson() + "\n");
}
