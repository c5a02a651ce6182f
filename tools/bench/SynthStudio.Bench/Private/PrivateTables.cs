using System.Text.Json;
using SynthStudio.Tabular;

namespace SynthStudio.Bench.Private;

/// <summary>Tables of integer codes with a public domain, and how far two of them are apart.</summary>
internal static class PrivateTables
{
    /// <summary>Reads a folder with one <c>.csv.gz</c> of integer codes and <c>domain.json</c>, the number of codes by column.</summary>
    public static Table Discrete(string folder)
    {
        using var sizes = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "domain.json")));
        var columns = sizes.RootElement.EnumerateObject().Select(column => new ColumnDeclaration(
            column.Name, DeclaredKind.Categorical, Nullable: false, Values: [.. Enumerable.Range(0, column.Value.GetInt32()).Select(code => $"{code}")]));
        return TableReader.Read(Directory.GetFiles(folder, "*.csv.gz").Single(), schema: new SchemaFile { Columns = [.. columns] });
    }

    /// <summary>
    /// A table as integer codes: numbers by their ranks in 16 parts, categories by frequency, the rarest as one. The codes are read from the data,
    /// which a promise would forbid; here they only stand for a public domain.
    /// </summary>
    public static Table Coded(Table table)
    {
        const int parts = 16, most = 32;
        var columns = table.Columns
            .Where(c => c.Schema.Kind is not (ColumnKind.Ignored or ColumnKind.Identifier or ColumnKind.Text))
            .Select(c => (c.Name, Codes: c switch
        {
            NumericColumn numeric => Ranks(numeric.Values, parts),
            CodedColumn coded => Frequent(coded, most),
            _ => throw new ArgumentException($"The column '{c.Name}' is neither numeric nor coded.", nameof(table)),
        })).Select(c => (c.Name, c.Codes, Values: Enumerable.Range(0, c.Codes.Max() + 1).Select(code => $"{code}").ToArray())).ToList();
        var schemas = columns.ConvertAll(c => new ColumnSchema { Name = c.Name, Kind = ColumnKind.Categorical, Nullable = false });
        var schema = new TableSchema
        {
            Columns = schemas,
            Domains = columns.ToDictionary(c => c.Name, c => new ColumnDomain { Kind = ColumnKind.Categorical, Nullable = false, Values = c.Values }),
        };
        return new Table(schema, [.. columns.Zip(schemas, (c, s) => new CodedColumn(s, c.Codes, c.Values))]);
    }

    private static int[] Ranks(double[] values, int parts)
    {
        var edges = values.Where(v => !double.IsNaN(v)).Order().Chunk(values.Length / parts + 1).Select(chunk => chunk[^1]).Distinct().ToArray();
        return Array.ConvertAll(values, v => double.IsNaN(v) ? edges.Length : Array.BinarySearch(edges, v) is var at && at < 0 ? ~at : at);
    }

    private static int[] Frequent(CodedColumn column, int most)
    {
        var places = column.Codes.GroupBy(code => code)
            .OrderByDescending(group => group.Count())
            .Select((group, place) => (group.Key, Place: Math.Min(place, most - 1)))
            .ToDictionary(c => c.Key, c => c.Place);
        return Array.ConvertAll(column.Codes, code => places[code]);
    }

    /// <summary>Mean total variation distance of the columns, and of all pairs of columns.</summary>
    public static (double Single, double Pair) TotalVariation(Table a, Table b)
    {
        var (codesA, sizes) = Codes(a);
        var (codesB, _) = Codes(b);
        var columns = codesA.Length;
        var singles = Enumerable.Range(0, columns).Average(c => Distance(codesA[c], codesB[c], sizes[c]));
        var pairs = (from c in Enumerable.Range(0, columns) from e in Enumerable.Range(c + 1, columns - c - 1) select (c, e)).Average(p =>
            Distance(Join(codesA, p.c, p.e, sizes), Join(codesB, p.c, p.e, sizes), sizes[p.c] * sizes[p.e]));
        return (singles, pairs);
    }

    private static (int[][] Codes, int[] Sizes) Codes(Table table) => (
        [.. table.Columns.Cast<CodedColumn>().Select(
            c => Array.ConvertAll(c.Codes, code => int.Parse(c.Values[code], System.Globalization.CultureInfo.InvariantCulture)))],
        [.. table.Columns.Select(c => table.Schema.Domains[c.Name].Values!.Count)]);

    private static int[] Join(int[][] codes, int a, int b, int[] sizes) => [.. codes[a].Zip(codes[b], (x, y) => x * sizes[b] + y)];

    private static double Distance(int[] a, int[] b, int size)
    {
        var difference = new double[size];
        foreach (var code in a) difference[code] += 1.0 / a.Length;
        foreach (var code in b) difference[code] -= 1.0 / b.Length;
        return difference.Sum(Math.Abs) / 2;
    }
}
