using System.Buffers.Binary;

namespace SynthStudio.Tabular;

/// <summary>
/// The size at the end of a gzip file (RFC 1952, ISIZE), which tells a file cut off at a block border from a whole one. Trailing zero bytes
/// and members after the first make it say nothing, so only a file of one plain member is judged.
/// </summary>
internal sealed class GzipTrailer
{
    private const int ShortestMember = 18;
    private readonly uint size;
    private readonly bool known;

    public GzipTrailer(Stream source)
    {
        if (source.Length >= ShortestMember)
        {
            Span<byte> end = stackalloc byte[sizeof(uint)];
            source.Seek(-sizeof(uint), SeekOrigin.End);
            source.ReadExactly(end);
            size = BinaryPrimitives.ReadUInt32LittleEndian(end);
            known = true;
            source.Seek(0, SeekOrigin.Begin);
        }
    }

    /// <summary>Whether the file is shorter than its contents say, given how much came out of it.</summary>
    public bool Disagrees(long expanded) => !known || (size != 0 && (uint)expanded < size);
}
