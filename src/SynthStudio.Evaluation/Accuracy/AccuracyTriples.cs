using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Accuracy;

/// <summary>Trivariate QA accuracy: one minus the total variation distance of triples of binned columns, and the maximum to expect.</summary>
internal static class AccuracyTriples
{
    /// <summary>As many triples of columns as wanted at random, all when there are no more.</summary>
    public static (int X, int Y, int Z)[] Sample(int columns, int most, int seed)
    {
        var count = (long)columns * (columns - 1) * (columns - 2) / 6;
        if (count <= most)
        {
            return
            [
                .. from x in Enumerable.Range(0, columns)
                   from y in Enumerable.Range(x + 1, columns - x - 1)
                   from z in Enumerable.Range(y + 1, columns - y - 1)
                   select (x, y, z)
            ];
        }

        var random = new RandomState(seed);
        var triples = new HashSet<(int X, int Y, int Z)>();
        while (triples.Count < most)
        {
            int[] drawn = [random.Below(columns), random.Below(columns), random.Below(columns)];
            Array.Sort(drawn);
            if (drawn[0] < drawn[1] && drawn[1] < drawn[2])
            {
                triples.Add((drawn[0], drawn[1], drawn[2]));
            }
        }

        return [.. triples.Order()];
    }

    /// <summary>The score of one triple, and the sum of sqrt(p(1 - p)) over its cells that the expected maximum needs.</summary>
    public static (double Score, double Spread) Compare(
        BinnedColumn[] original, BinnedColumn[] other, (int X, int Y, int Z) triple, params ReadOnlySpan<Influence> influences)
    {
        var (height, width) = (Math.Max(original[triple.Y].Size, other[triple.Y].Size), Math.Max(original[triple.Z].Size, other[triple.Z].Size));
        var cells = Math.Max(original[triple.X].Size, other[triple.X].Size) * height * width;
        var (mine, theirs) = (Count(original, triple, cells, height, width), Count(other, triple, cells, height, width));
        double n = original[triple.X].Codes.Length, m = other[triple.X].Codes.Length, distance = 0, spread = 0;
        for (var cell = 0; cell < cells; cell++)
        {
            if ((mine[cell] | theirs[cell]) != 0)
            {
                var p = mine[cell] / n;
                distance += Math.Abs(p - (theirs[cell] / m));
                spread += Math.Sqrt(p * (1 - p));
            }
        }

        Contingency.AddInfluence(influences, mine, theirs, n, m, row => Cell(original, row), row => Cell(other, row));
        return (1 - (distance / 2), spread);

        int Cell(BinnedColumn[] columns, int row) =>
            (((columns[triple.X].Codes[row] * height) + columns[triple.Y].Codes[row]) * width) + columns[triple.Z].Codes[row];
    }

    private static int[] Count(BinnedColumn[] columns, (int X, int Y, int Z) triple, int cells, int height, int width)
    {
        var counts = new int[cells];
        var (x, y, z) = (columns[triple.X].Codes, columns[triple.Y].Codes, columns[triple.Z].Codes);
        for (var row = 0; row < x.Length; row++)
        {
            counts[(((x[row] * height) + y[row]) * width) + z[row]]++;
        }

        return counts;
    }
}
