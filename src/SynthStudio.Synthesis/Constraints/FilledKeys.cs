using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>Keys that filling makes complete: they must repeat none that was observed, nor each other.</summary>
internal sealed class FilledKeys
{
    private readonly (SeenKeys Seen, Func<int, bool> Lacks)[] keys;

    /// <param name="schema">With the keys that are declared to be unique.</param>
    /// <param name="observed">The rows before they are filled. Keys of columns that it does not have are no matter here.</param>
    public FilledKeys(TableSchema schema, Table observed) => keys =
    [
        .. schema.Constraints.OfType<UniqueConstraint>().Where(unique => unique.Key.All(name => observed.Schema.Columns.Any(column => column.Name == name)))
            .Select(unique => (Observed(unique, observed), Lacking(unique, observed))),
    ];

    /// <summary>
    /// Whether a row of <paramref name="filled"/> may stand for an observed one (both 0-based): none of the keys that it completes was
    /// there before. From then on they were.
    /// </summary>
    public Func<int, int, bool> TakenFrom(Table filled)
    {
        var isNew = Array.ConvertAll(keys, key => key.Seen.AddFrom(filled));
        return (row, observed) =>
        {
            for (var key = 0; key < keys.Length; key++)
            {
                if (keys[key].Lacks(observed) && !isNew[key](row)) return false;
            }

            return true;
        };
    }

    private static SeenKeys Observed(UniqueConstraint unique, Table table)
    {
        var seen = new SeenKeys(unique);
        var add = seen.AddFrom(table);
        for (var row = 0; row < table.RowCount; row++) add(row);
        return seen;
    }

    private static Func<int, bool> Lacking(UniqueConstraint unique, Table table)
    {
        Column[] columns = [.. unique.Key.Select(name => table[name])];
        return row => Array.Exists(columns, column => column.IsMissing(row));
    }
}
