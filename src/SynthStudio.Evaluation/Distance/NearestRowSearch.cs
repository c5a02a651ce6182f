using System.Numerics;

namespace SynthStudio.Evaluation.Distance;

/// <summary>
/// Finds the nearest reference row of many rows by comparing all of them, a register of rows at a time. Reference rows are laid out in
/// tiles: for each column the values of as many rows as a register holds. Numbers are skipped when the categories alone are too far.
/// Single precision finds the row, double precision says how far it is.
/// </summary>
internal sealed class NearestRowSearch
{
    /// <summary>Floats of tiles that are compared with many queries while they stay in the first-level cache.</summary>
    private const int BlockSize = 6_000;

    /// <summary>Queries that pass over the tiles together.</summary>
    private const int Batch = 64;

    private static readonly int Width = Vector<float>.Count;

    private readonly GowerRows reference;
    private readonly float[] tiles;
    private readonly int tileCount;
    private readonly int stride;

    public NearestRowSearch(GowerRows reference)
    {
        this.reference = reference;
        tileCount = (reference.RowCount + Width - 1) / Width;
        stride = (reference.Categories.Length + reference.Numbers.Length) * Width;
        tiles = new float[tileCount * stride];
        for (var i = 0; i < tileCount * Width; i++)
        {
            // The last tile is filled up with its last row.
            var row = Math.Min(i, reference.RowCount - 1);
            var at = (i / Width * stride) + (i % Width);
            foreach (var column in reference.Categories)
            {
                tiles[at] = column[row];
                at += Width;
            }

            foreach (var column in reference.Numbers)
            {
                tiles[at] = (float)column[row];
                at += Width;
            }
        }
    }

    /// <summary>The distance of every query row to its nearest reference row.</summary>
    public double[] Distances(GowerRows queries, ParallelOptions parallelism)
    {
        var distances = new double[queries.RowCount];
        Parallel.For(0, (queries.RowCount + Batch - 1) / Batch, parallelism, batch =>
        {
            var first = batch * Batch;
            SearchBatch(queries, first, distances.AsSpan(first, Math.Min(Batch, queries.RowCount - first)));
        });
        return distances;
    }

    private void SearchBatch(GowerRows queries, int first, Span<double> distances)
    {
        var columns = stride / Width;
        var broadcast = new Vector<float>[distances.Length * columns];
        for (var q = 0; q < distances.Length; q++)
        {
            for (var c = 0; c < columns; c++)
            {
                var categories = queries.Categories.Length;
                broadcast[(q * columns) + c] = new Vector<float>(
                    c < categories ? queries.Categories[c][first + q] : (float)queries.Numbers[c - categories][first + q]);
            }
        }

        var best = new Vector<float>[distances.Length];
        var bestTile = new Vector<int>[distances.Length];
        Array.Fill(best, new Vector<float>(float.MaxValue));
        var tilesPerBlock = Math.Max(1, BlockSize / Math.Max(stride, 1));
        for (var tile = 0; tile < tileCount; tile += tilesPerBlock)
        {
            var end = Math.Min(tile + tilesPerBlock, tileCount);
            for (var q = 0; q < distances.Length; q++)
            {
                SearchTiles(broadcast.AsSpan(q * columns, columns), tile, end, ref best[q], ref bestTile[q]);
            }
        }

        for (var q = 0; q < distances.Length; q++)
        {
            distances[q] = ExactDistance(queries, first + q, best[q], bestTile[q]);
        }
    }

    private void SearchTiles(ReadOnlySpan<Vector<float>> query, int firstTile, int endTile, ref Vector<float> best, ref Vector<int> bestTile)
    {
        var categories = reference.Categories.Length;
        var nearest = best;
        for (var tile = firstTile; tile < endTile; tile++)
        {
            var values = tiles.AsSpan(tile * stride, stride);
            var sum = Vector<float>.Zero;
            for (var c = 0; c < categories; c++)
            {
                var same = Vector.Equals(new Vector<float>(values[(c * Width)..]), query[c]);
                sum += Vector.ConditionalSelect(same, Vector<float>.Zero, Vector<float>.One);
            }

            if (Vector.GreaterThanOrEqualAll(sum, nearest))
            {
                continue;
            }

            for (var c = categories; c < query.Length; c++)
            {
                var value = new Vector<float>(values[(c * Width)..]);
                var difference = Vector.Abs(value - query[c]);
                var present = Vector.Equals(difference, difference);
                if (!Vector.EqualsAll(present, new Vector<int>(-1)))
                {
                    // A missing number is 1 away from a present one and 0 from a missing one.
                    var bothMissing = Vector.OnesComplement(Vector.Equals(value, value) | Vector.Equals(query[c], query[c]));
                    var gap = Vector.ConditionalSelect(bothMissing, Vector<float>.Zero, Vector<float>.One);
                    difference = Vector.ConditionalSelect(present, difference, gap);
                }

                sum += difference;
            }

            var nearer = Vector.LessThan(sum, nearest);
            nearest = Vector.ConditionalSelect(nearer, sum, nearest);
            bestTile = Vector.ConditionalSelect(nearer, new Vector<int>(tile), bestTile);
        }

        best = nearest;
    }

    /// <summary>The least of the exact distances to the rows that were nearest in each place of the register.</summary>
    private double ExactDistance(GowerRows queries, int query, Vector<float> best, Vector<int> bestTile)
    {
        const float SinglePrecision = 1e-4f;
        var nearest = float.MaxValue;
        for (var place = 0; place < Width; place++)
        {
            nearest = Math.Min(nearest, best[place]);
        }

        var exact = double.MaxValue;
        for (var place = 0; place < Width; place++)
        {
            if (best[place] <= nearest + SinglePrecision)
            {
                var row = Math.Min((bestTile[place] * Width) + place, reference.RowCount - 1);
                exact = Math.Min(exact, GowerRows.Distance(queries, query, reference, row));
            }
        }

        return exact;
    }
}
