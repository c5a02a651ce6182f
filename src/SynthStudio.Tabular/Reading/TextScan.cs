using System.Text;
using System.Text.Unicode;

namespace SynthStudio.Tabular;

/// <summary>
/// One fast pass over a text file before it is parsed: which encoding it is in, and whether it is text at all. UTF-8 and UTF-16 are told by
/// byte order mark or by their bytes; what is neither is Windows-1252, which holds Latin-1, unless it has bytes no such text has.
/// </summary>
internal sealed class TextScan
{
    private const int BlockBytes = 1 << 20;

    private TextScan(Encoding encoding) => Encoding = encoding;

    static TextScan() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public Encoding Encoding { get; }

    /// <summary>Whether lines end sometimes with CR LF and sometimes with LF alone, which a strict parser stumbles over.</summary>
    public bool HasMixedLineEnds { get; private init; }

    public bool MustTranscode => Encoding is not UTF8Encoding;

    /// <exception cref="TableException">The file is binary, holds a NUL, or is not in the encoding asked for.</exception>
    public static TextScan Run(string path, string name, string? encoding, CancellationToken cancellation)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var buffer = new byte[BlockBytes];
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (Declared(encoding, name) is { } declared && declared is not UTF8Encoding)
        {
            return new TextScan(declared);
        }

        if (FindUtf16(buffer.AsSpan(0, read)) is { } utf16)
        {
            return new TextScan(utf16);
        }

        var (valid, carry, lines, returns) = (true, 0, 0L, 0L);
        while (read > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var block = buffer.AsSpan(0, carry + read);
            RefuseNul(block, name, lines);
            lines += block.Count((byte)'\n');
            returns += block.Count("\r\n"u8);
            carry = valid ? IncompleteTail(block) : 0;
            valid = valid && Utf8.IsValid(block[..^carry]);
            block[^carry..].CopyTo(buffer);
            lines -= buffer.AsSpan(0, carry).Count((byte)'\n');
            read = stream.ReadAtLeast(buffer.AsSpan(carry), buffer.Length - carry, throwOnEndOfStream: false);
        }

        if (valid && carry == 0)
        {
            return new TextScan(new UTF8Encoding(false, true)) { HasMixedLineEnds = returns > 0 && returns < lines - 1 };
        }

        return encoding is null
            ? new TextScan(Encoding.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback))
            : throw new TableException(TableError.InvalidEncoding, $"{name} is not in {encoding}.");
    }

    /// <summary>Writes the text at <paramref name="source"/> to <paramref name="target"/> in UTF-8.</summary>
    public void Transcode(string source, string target, string name, CancellationToken cancellation)
    {
        try
        {
            using var reader = new StreamReader(source, Encoding, detectEncodingFromByteOrderMarks: true, BlockBytes);
            using var writer = new StreamWriter(target, append: false, new UTF8Encoding(false), BlockBytes);
            var buffer = new char[BlockBytes];
            for (int read; (read = reader.Read(buffer)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                var text = buffer.AsSpan(0, read);
                if (text.ContainsAnyInRange('\0', '\b'))
                {
                    throw Binary(name);
                }

                if (Encoding.IsSingleByte && text.ContainsAnyInRange('\x80', '\x9F'))
                {
                    throw new TableException(
                        TableError.InvalidEncoding, $"{name} is text neither in UTF-8 nor in UTF-16 nor in Windows-1252. Save it as UTF-8.");
                }

                writer.Write(text);
            }
        }
        catch (DecoderFallbackException e)
        {
            throw new TableException(TableError.InvalidEncoding, $"{name} is not in {Encoding.WebName}, the encoding it seems to have.", inner: e);
        }
    }

    private static Encoding? Declared(string? name, string file)
    {
        try
        {
            return name is null
                ? null
                : Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException e)
        {
            throw new TableException(TableError.InvalidEncoding, $"{file}: there is no encoding called '{name}'.", inner: e);
        }
    }

    private static UnicodeEncoding? FindUtf16(ReadOnlySpan<byte> head)
    {
        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return new UnicodeEncoding(bigEndian: head[0] == 0xFE, byteOrderMark: true, throwOnInvalidBytes: true);
        }

        // Without a mark: in UTF-16 most characters of a table's head are ASCII, every second byte a zero.
        var sample = head[..(Math.Min(head.Length, 4096) & ~1)];
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i += 2)
        {
            even += sample[i] == 0 ? 1 : 0;
            odd += sample[i + 1] == 0 ? 1 : 0;
        }

        var half = sample.Length / 4;
        return (even, odd) switch
        {
            (0, _) when odd > half => new UnicodeEncoding(false, false, true),
            (_, 0) when even > half => new UnicodeEncoding(true, false, true),
            _ => null,
        };
    }

    private static void RefuseNul(ReadOnlySpan<byte> block, string name, long linesBefore)
    {
        var nul = block.IndexOf((byte)0);
        if (nul < 0)
        {
            return;
        }

        var line = linesBefore + block[..nul].Count((byte)'\n') + 1;
        var controls = 0;
        foreach (var b in block[..Math.Min(block.Length, 4096)])
        {
            controls += b < 9 ? 1 : 0;
        }

        throw controls > 32
            ? Binary(name)
            : new TableException(
                TableError.InvalidEncoding, $"{name} has a NUL byte in line {line}. Remove it, or save the file as UTF-8 text.", row: Math.Max(1, line - 1));
    }

    // Bytes of a character that the block cuts off.
    private static int IncompleteTail(ReadOnlySpan<byte> block)
    {
        for (var back = 1; back <= Math.Min(3, block.Length); back++)
        {
            var b = block[^back];
            if ((b & 0xC0) == 0xC0)
            {
                var length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return length > back ? back : 0;
            }

            if ((b & 0xC0) != 0x80)
            {
                return 0;
            }
        }

        return 0;
    }

    private static TableException Binary(string name) =>
        new(TableError.UnsupportedFormat, $"{name} is a binary file. Tables are read from CSV, TSV, JSON, NDJSON (also gzip or zstd) and Parquet.");
}
