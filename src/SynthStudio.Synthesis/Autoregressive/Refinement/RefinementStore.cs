using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>Refiners as bytes: 32-bit counts followed by little-endian numbers.</summary>
internal static class RefinementStore
{
    /// <summary>Bound of what a package may ask for.</summary>
    private const int MostCandidates = 128;

    public static byte[] Write(RowRefinement refinement)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var refiners = refinement.Refiners.OfType<ColumnRefiner>().ToList();
        writer.Write(refiners.Count);
        foreach (var refiner in refiners)
        {
            writer.Write(refiner.Column);
            writer.Write(refiner.FromNetwork);
            writer.Write(refiner.Repeats);
            BinaryArrays.Write<int>(writer, refiner.Before);
            writer.Write(refiner.Relations.Length);
            foreach (var relation in refiner.Relations)
            {
                writer.Write(relation.Source);
                BinaryArrays.Write<ushort>(writer, relation.Centers);
                BinaryArrays.Write<float>(writer, relation.Sums);
            }

            ObliviousTreeStore.Write(writer, refiner.Trees);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    /// <param name="codec">How values become cells.</param>
    /// <param name="order">The columns in the order they are drawn.</param>
    /// <exception cref="InvalidDataException">The bytes are no refiners of such columns.</exception>
    public static RowRefinement Read(byte[] bytes, TableCodec codec, int[] order)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var refinement = RowRefinement.None(codec);
        try
        {
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var refiner = ReadRefiner(reader, codec);
                Demand(refinement.Refiners[refiner.Column] is null, "a column is refined twice");
                Demand(Fits(refiner, codec, order), "a refiner does not fit the columns");
                refinement.Refiners[refiner.Column] = refiner;
            }

            Demand(reader.BaseStream.Position == reader.BaseStream.Length, "there are bytes left");
        }
        catch (EndOfStreamException)
        {
            Demand(false, "bytes are missing");
        }

        return refinement;
    }

    private static ColumnRefiner ReadRefiner(BinaryReader reader, TableCodec codec)
    {
        var (column, fromNetwork, repeats) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        Demand(column >= 0 && column < codec.Modelled.Count, "there is no such column");
        var before = BinaryArrays.Read<int>(reader);
        var relations = new List<ColumnRelation>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            relations.Add(new ColumnRelation(reader.ReadInt32(), BinaryArrays.Read<ushort>(reader), BinaryArrays.Read<float>(reader)));
        var trees = ObliviousTreeStore.Read(reader);
        return new ColumnRefiner(column, before, ColumnRefiner.ValuesOf(codec.Columns[codec.Modelled[column]]), [.. relations], trees, fromNetwork, repeats);
    }

    private static bool Fits(ColumnRefiner refiner, TableCodec codec, int[] order)
    {
        var known = order.TakeWhile(column => column != refiner.Column).ToHashSet();
        return refiner.FromNetwork is >= 1 and <= MostCandidates && refiner.Repeats is >= 1 and <= MostCandidates
            && Array.TrueForAll(refiner.Before, known.Contains)
            && Array.TrueForAll(refiner.Relations, relation =>
                known.Contains(relation.Source)
                && relation.Centers.Length == codec.Columns[codec.Modelled[relation.Source]].Layout.Cells
                && Array.TrueForAll(relation.Centers, center => center < refiner.Values || center == Cell.Unset)
                && relation.Sums.Length == CellDistance.Bins && relation.Sums[CellDistance.None] == 0 && relation.Sums[^1] > 0
                && relation.Sums.Zip(relation.Sums.Skip(1)).All(pair => pair.First <= pair.Second))
            && ObliviousTreeStore.Fits(refiner.Trees, refiner.Before.Length + 1 + refiner.Relations.Length);
    }

    private static void Demand(bool met, string otherwise)
    {
        if (!met) throw new InvalidDataException($"the refinement is damaged: {otherwise}");
    }
}
