using System.Buffers;
using SynthStudio.Api.Services;
using SynthStudio.Catalog.Packages;

namespace SynthStudio.Api.Packages;

/// <summary>
/// Signs a package on its way to the caller: the signature takes the place of the last two bytes, the length
/// of a comment that there is none of.
/// </summary>
/// <param name="signature">What <see cref="PackageSignature.Make"/> made.</param>
internal sealed class SigningEdit(byte[] signature) : IDownloadEdit
{
    private const int LengthBytes = 2;

    private readonly ArrayBufferWriter<byte> _written = new();
    private byte[] _held = [];

    public long? AddedBytes => signature.Length - LengthBytes;

    public ReadOnlyMemory<byte> Next(ReadOnlySpan<byte> piece)
    {
        _written.ResetWrittenCount();
        _written.Write(_held);
        _written.Write(piece);
        var whole = _written.WrittenMemory;
        var sent = Math.Max(0, whole.Length - LengthBytes);
        _held = whole[sent..].ToArray(); // It may be the end.
        return whole[..sent];
    }

    public ReadOnlyMemory<byte> End() =>
        _held is [0, 0] ? signature : throw new InvalidDataException("A stored model is no package: it does not end as a zip file without comment does.");
}
