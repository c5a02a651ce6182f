using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>Resamplers as bytes: 32-bit counts followed by little-endian numbers.</summary>
internal static class ResamplerStore
{
    public static byte[] Write(ColumnResampler[] resamplers)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(resamplers.Length);
        foreach (var resampler in resamplers)
        {
            writer.Write(resampler.Column);
            writer.Write(resampler.Low);
            writer.Write(resampler.High);
            writer.Write(resampler.Offset);
            BinaryArrays.Write<int>(writer, resampler.Others);
            ObliviousTreeStore.Write(writer, resampler.Trees);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    /// <param name="codec">How values become cells.</param>
    /// <exception cref="InvalidDataException">The bytes are no resamplers of such columns.</exception>
    public static ColumnResampler[] Read(byte[] bytes, TableCodec codec)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var resamplers = new List<ColumnResampler>();
        try
        {
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var (column, low, high, offset) = (reader.ReadInt32(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadSingle());
                if (resamplers.Exists(earlier => earlier.Column == column)) throw new InvalidDataException("a column is drawn again twice");
                resamplers.Add(new ColumnResampler(column, BinaryArrays.Read<int>(reader), low, high, offset, ObliviousTreeStore.Read(reader)));
                if (!Fits(resamplers[^1], codec)) throw new InvalidDataException("a column that is drawn again does not fit the table");
            }
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("the columns that are drawn again are damaged: bytes are missing");
        }

        if (reader.BaseStream.Position < reader.BaseStream.Length) throw new InvalidDataException("the columns that are drawn again are damaged: there are bytes left");
        return [.. resamplers];
    }

    private static bool Fits(ColumnResampler resampler, TableCodec codec)
    {
        var columns = codec.Modelled.Count;
        if (resampler.Column < 0 || resampler.Column >= columns) return false;
        var drawable = codec.Columns[codec.Modelled[resampler.Column]].Layout.Drawable;
        return drawable.Count(may => may) == 2 && resampler.Low == Array.IndexOf(drawable, true) && resampler.High == Array.LastIndexOf(drawable, true)
            && float.IsFinite(resampler.Offset)
            && Array.TrueForAll(resampler.Others, c => c >= 0 && c < columns && c != resampler.Column)
            && ObliviousTreeStore.Fits(resampler.Trees, resampler.Others.Length);
    }
}
