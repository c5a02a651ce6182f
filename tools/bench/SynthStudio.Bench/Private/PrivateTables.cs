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
        [.. table.Columns.Cast<CodedColumn>().Select(c => Array.ConvertAll(c.Codes, code => int.Parse(c.Values[code], System.Globalization.CultureInfo.InvariantCulture)))],
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
