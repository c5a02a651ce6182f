using System.Numerics;
using SynthStudio.Evaluation.Distance;

namespace SynthStudio.Evaluation.Neighbours;

/// <summary>
/// Finds the nearest few reference rows of many rows by Gower's distance, comparing all of them: a block of reference rows column by
/// column, a register of rows at a time. Single precision finds the candidates, double precision orders them.
/// </summary>
internal sealed class NeighbourSearch
{
    /// <summary>Reference rows whose sums stay in the first-level cache.</summary>
    private const int BlockRows = 2048;

    /// <summary>Queries that pass over a block together.</summary>
    private const int Batch = 16;

    /// <summary>Candidates beside those wanted: single precision may swap rows that are almost equally far.</summary>
    private const int Spare = 2;

    private readonly GowerRows reference;
    private readonly float[][] numbers;
    private readonly bool[] hasGaps;

    public NeighbourSearch(GowerRows reference)
    {
        this.reference = reference;
        numbers = Array.ConvertAll(reference.Numbers, column => Array.ConvertAll(column, value => (float)value));
        hasGaps = Array.ConvertAll(reference.Numbers, column => Array.Exists(column, double.IsNaN));
    }

    /// <summary>The <paramref name="count"/> nearest rows of every query, nearest first; fewer when there are no more.</summary>
    /// <param name="queries">The rows to look for, in the columns of the reference.</param>
    /// <param name="count">Neighbours of each.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <param name="self">The reference row that each query itself is and that is no neighbour of it; null when queries are other rows.</param>
    /// <param name="enough">The search for a query may end at a neighbour nearer than this; null always finds the nearest.</param>
    public Neighbour[][] Find(GowerRows queries, int count, ParallelOptions parallelism, int[]? self = null, double[]? enough = null)
    {
        var found = new Neighbour[queries.RowCount][];
        Parallel.For(0, (queries.RowCount + Batch - 1) / Batch, parallelism, batch =>
        {
            var (first, end) = (batch * Batch, Math.Min((batch + 1) * Batch, queries.RowCount));
            var nearest = new NearestList[end - first];
            for (var i = 0; i < nearest.Length; i++)
            {
                nearest[i] = new NearestList(count + Spare);
            }

            Span<float> sums = new float[BlockRows];
            for (var block = 0; block < reference.RowCount; block += BlockRows)
            {
                var length = Math.Min(BlockRows, reference.RowCount - block);
                for (var q = first; q < end; q++)
                {
                    if (enough is not null && nearest[q - first].Nearest < enough[q])
                    {
                        continue;
                    }

                    AddDistances(queries, q, block, sums[..length]);
                    nearest[q - first].Offer(sums[..length], block, self is null ? -1 : self[q]);
                }
            }

            for (var q = first; q < end; q++)
            {
                found[q] = Exact(queries, q, nearest[q - first], count);
            }
        });
        return found;
    }

    private void AddDistances(GowerRows queries, int query, int block, Span<float> sums)
    {
        sums.Clear();
        for (var c = 0; c < reference.Categories.Length; c++)
        {
            AddMismatches(reference.Categories[c].AsSpan(block, sums.Length), queries.Categories[c][query], sums);
        }

        for (var c = 0; c < numbers.Length; c++)
        {
            var value = (float)queries.Numbers[c][query];
            var column = numbers[c].AsSpan(block, sums.Length);
            if (float.IsNaN(value) || hasGaps[c])
            {
                AddWithGaps(column, value, sums);
            }
            else
            {
                AddDifferences(column, value, sums);
            }
        }
    }

    private static void AddMismatches(ReadOnlySpan<float> column, float value, Span<float> sums)
    {
        var wanted = new Vector<float>(value);
        var i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var same = Vector.Equals(new Vector<float>(column[i..]), wanted);
            (new Vector<float>(sums[i..]) + Vector.ConditionalSelect(same, Vector<float>.Zero, Vector<float>.One)).CopyTo(sums[i..]);
        }

        for (; i < sums.Length; i++)
        {
            sums[i] += column[i] == value ? 0 : 1;
        }
    }

    private static void AddDifferences(ReadOnlySpan<float> column, float value, Span<float> sums)
    {
        var wanted = new Vector<float>(value);
        var i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(sums[i..]) + Vector.Abs(new Vector<float>(column[i..]) - wanted)).CopyTo(sums[i..]);
        }

        for (; i < sums.Length; i++)
        {
            sums[i] += Math.Abs(column[i] - value);
        }
    }

    private static void AddWithGaps(ReadOnlySpan<float> column, float value, Span<float> sums)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            var difference = Math.Abs(column[i] - value);
            sums[i] += !float.IsNaN(difference) ? difference : float.IsNaN(value) && float.IsNaN(column[i]) ? 0 : 1;
        }
    }

    private Neighbour[] Exact(GowerRows queries, int query, NearestList candidates, int count)
    {
        var exact = candidates.Rows.Select(row => new Neighbour(row, GowerRows.Distance(queries, query, reference, row)));
        return [.. exact.OrderBy(n => n.Distance).ThenBy(n => n.Row).Take(count)];
    }
}
