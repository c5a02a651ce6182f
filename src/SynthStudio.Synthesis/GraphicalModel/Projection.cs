using System.Numerics.Tensors;

namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>
/// Goes between a table over a clique and one over some of its attributes. Neighbouring attributes that are both kept or both summed out are
/// taken for one, so that the innermost work is on contiguous memory.
/// </summary>
internal sealed class Projection
{
    private readonly int[] lengths;
    private readonly bool[] kept;
    private readonly int[] wideStrides;
    private readonly int[] narrowStrides;

    /// <param name="domain">Sizes.</param>
    /// <param name="wide">The clique.</param>
    /// <param name="narrow">A part of it, also in layout order; may be empty.</param>
    public Projection(Domain domain, Clique wide, Clique narrow)
    {
        var merged = new List<(int Length, bool Kept)>();
        foreach (var attribute in wide.Attributes)
        {
            var keeps = narrow.Contains(attribute);
            if (merged.Count > 0 && merged[^1].Kept == keeps) merged[^1] = (merged[^1].Length * domain[attribute], keeps);
            else merged.Add((domain[attribute], keeps));
        }

        if (merged.Count == 0) merged.Add((1, true));
        lengths = [.. merged.Select(m => m.Length)];
        kept = [.. merged.Select(m => m.Kept)];
        wideStrides = new int[lengths.Length];
        narrowStrides = new int[lengths.Length];
        for (int level = lengths.Length - 1, wideCells = 1, narrowCells = 1; level >= 0; level--)
        {
            (wideStrides[level], narrowStrides[level]) = (wideCells, kept[level] ? narrowCells : 0);
            wideCells *= lengths[level];
            if (kept[level]) narrowCells *= lengths[level];
            (WideCells, NarrowCells) = (wideCells, narrowCells);
        }
    }

    public int WideCells { get; }

    public int NarrowCells { get; }

    /// <summary>Sums out: <paramref name="narrow"/> is overwritten.</summary>
    public void Sum(ReadOnlySpan<double> wide, Span<double> narrow)
    {
        narrow[..NarrowCells].Clear();
        Sum(wide, narrow, 0);
    }

    /// <summary>Adds the value of its narrow cell to every wide cell.</summary>
    public void Add(Span<double> wide, ReadOnlySpan<double> narrow) => Add(wide, narrow, 0);

    /// <summary>Multiplies every wide cell with the value of its narrow cell.</summary>
    public void Multiply(ReadOnlySpan<double> wide, ReadOnlySpan<double> narrow, Span<double> product) => Multiply(wide, narrow, product, 0);

    private void Sum(ReadOnlySpan<double> wide, Span<double> narrow, int level)
    {
        var length = lengths[level];
        if (level == lengths.Length - 1)
        {
            if (kept[level]) TensorPrimitives.Add(narrow[..length], wide[..length], narrow[..length]);
            else narrow[0] += TensorPrimitives.Sum(wide[..length]);
            return;
        }

        for (var i = 0; i < length; i++) Sum(wide[(i * wideStrides[level])..], narrow[(i * narrowStrides[level])..], level + 1);
    }

    private void Add(Span<double> wide, ReadOnlySpan<double> narrow, int level)
    {
        var length = lengths[level];
        if (level == lengths.Length - 1)
        {
            if (kept[level]) TensorPrimitives.Add(wide[..length], narrow[..length], wide[..length]);
            else TensorPrimitives.Add(wide[..length], narrow[0], wide[..length]);
            return;
        }

        for (var i = 0; i < length; i++) Add(wide[(i * wideStrides[level])..], narrow[(i * narrowStrides[level])..], level + 1);
    }

    private void Multiply(ReadOnlySpan<double> wide, ReadOnlySpan<double> narrow, Span<double> product, int level)
    {
        var length = lengths[level];
        if (level == lengths.Length - 1)
        {
            if (kept[level]) TensorPrimitives.Multiply(wide[..length], narrow[..length], product[..length]);
            else TensorPrimitives.Multiply(wide[..length], narrow[0], product[..length]);
            return;
        }

        for (var i = 0; i < length; i++)
            Multiply(wide[(i * wideStrides[level])..], narrow[(i * narrowStrides[level])..], product[(i * wideStrides[level])..], level + 1);
    }
}
