using System.IO.Compression;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// A file made ready for the engine: expanded if it was compressed, in UTF-8 if it was not, its format known by content first and name second.
/// Owns a folder of its own for all that, which <see cref="Dispose"/> deletes.
/// </summary>
internal sealed class SourceFile : IDisposable
{
    private const int HeadBytes = 1 << 20;
    private const long FreeExpansion = 1L << 30;
    private static readonly byte[] ParquetMark = "PAR1"u8.ToArray();

    private static readonly (byte[] Mark, string What)[] KnownOthers =
    [
        ("PK\x03\x04"u8.ToArray(), "a ZIP archive or an Excel workbook"),
        (new byte[] { 0xD0, 0xCF, 0x11, 0xE0 }, "an old Excel workbook"),
        ("%PDF"u8.ToArray(), "a PDF document"),
        ("SQLite format 3"u8.ToArray(), "an SQLite database"),
        ("ARROW1"u8.ToArray(), "an Arrow file"),
        ("ORC"u8.ToArray(), "an ORC file"),
        ("Obj\x01"u8.ToArray(), "an Avro file"),
        ("BZh"u8.ToArray(), "a bzip2 archive"),
        (new byte[] { 0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z' }, "an xz archive"),
        (new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F' }, "a program"),
        (new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }, "a picture"),
    ];

    private SourceFile(string folder, string fileName)
    {
        Folder = folder;
        FileName = fileName;
    }

    /// <summary>A private folder for temporary files.</summary>
    public string Folder { get; }

    /// <summary>The name the user knows the file by.</summary>
    public string FileName { get; }

    /// <summary>Where the engine reads.</summary>
    public string Path { get; private set; } = "";

    public SourceFormat Format { get; private set; }

    public string? Compression { get; private set; }

    public string? EncodingName { get; private set; }

    /// <summary>Whether the text's lines end in different ways.</summary>
    public bool HasMixedLineEnds { get; private set; }

    public long Bytes { get; private set; }

    public long ExpandedBytes { get; private set; }

    /// <summary>The beginning of the content, in UTF-8 without byte order mark.</summary>
    public byte[] Head { get; private set; } = [];

    /// <summary>Most bytes that it may become outside of its compression.</summary>
    public long MostExpandedBytes(ReadOptions options) =>
        Math.Min(options.MaximumExpandedBytes, Math.Max(FreeExpansion, Bytes * options.MaximumExpansion));

    /// <summary>Makes the file at <paramref name="path"/> ready.</summary>
    /// <exception cref="TableException">It is missing, unreadable, damaged, or nothing we can read.</exception>
    public static SourceFile Open(string path, string? fileName, ReadOptions options, CancellationToken cancellation)
    {
        var name = System.IO.Path.GetFileName(fileName ?? path);
        if (!File.Exists(path))
        {
            throw Directory.Exists(path)
                ? new TableException(TableError.FileUnreadable, $"{name} is a folder, not a file.")
                : new TableException(TableError.FileNotFound, $"There is no file {name}.");
        }

        var folder = System.IO.Path.Combine(options.TemporaryFolder, $"synthstudio-{Guid.NewGuid():N}");
        var file = new SourceFile(folder, name);
        try
        {
            Directory.CreateDirectory(folder);
            file.Prepare(path, options, cancellation);
            return file;
        }
        catch (Exception e)
        {
            file.Dispose();
            throw e switch
            {
                IOException when DiskErrors.IsFull(e) => TableException.DiskFull(name, e),
                IOException or UnauthorizedAccessException =>
                    new TableException(TableError.FileUnreadable, $"{name} cannot be read: {e.GetType().Name}.", inner: e),
                _ => e,
            };
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private void Prepare(string path, ReadOptions options, CancellationToken cancellation)
    {
        Bytes = ExpandedBytes = new FileInfo(path).Length;
        if (Bytes == 0)
        {
            throw new TableException(TableError.Empty, $"{FileName} is empty.");
        }

        Path = EngineSafe(System.IO.Path.GetFullPath(path));
        var head = ReadHead(Path, 64);
        Compression = head.AsSpan() switch
        {
            [0x1F, 0x8B, ..] => "gzip",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
            _ => null,
        };
        if (Compression is not null)
        {
            Path = Expand(options, cancellation);
            ExpandedBytes = new FileInfo(Path).Length;
            head = ReadHead(Path, 64);
            if (ExpandedBytes == 0)
            {
                throw new TableException(TableError.Empty, $"{FileName} is empty inside its compression.");
            }
        }

        if (head.AsSpan().StartsWith(ParquetMark))
        {
            Format = SourceFormat.Parquet;
            return;
        }

        RefuseKnownOthers(head);
        PrepareText(options, cancellation);
    }

    private void RefuseKnownOthers(byte[] head)
    {
        foreach (var (mark, what) in KnownOthers)
        {
            if (head.AsSpan().StartsWith(mark))
            {
                throw Unsupported($"{FileName} is {what}");
            }
        }

        if (System.IO.Path.GetExtension(FileName).Equals(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw Unsupported($"{FileName} is named Parquet but does not begin like it");
        }
    }

    private void PrepareText(ReadOptions options, CancellationToken cancellation)
    {
        var text = TextScan.Run(Path, FileName, options.Encoding, cancellation);
        EncodingName = text.Encoding.WebName;
        HasMixedLineEnds = text.HasMixedLineEnds;
        if (text.MustTranscode)
        {
            var target = System.IO.Path.Combine(Folder, "text");
            text.Transcode(Path, target, FileName, cancellation);
            Path = target;
        }

        Head = ReadHead(Path, HeadBytes);
        Head = Head.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Head[Encoding.UTF8.Preamble.Length..] : Head;
        if (Head.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw new TableException(TableError.Empty, $"{FileName} holds nothing but white space.");
        }

        Format = JsonShape.Looks(Head) ? SourceFormat.Json : SourceFormat.Delimited;
        if (Format == SourceFormat.Delimited && JsonShape.IsNamed(FileName))
        {
            throw Unsupported($"{FileName} is named JSON but does not begin with an object or an array of objects");
        }
    }

    private string Expand(ReadOptions options, CancellationToken cancellation)
    {
        var target = System.IO.Path.Combine(Folder, "expanded");
        try
        {
            using var source = File.OpenRead(Path);
            var verifier = Compression == "gzip" ? new GzipTrailer(source) : null;
            using Stream expander = Compression == "gzip"
                ? new GZipStream(source, CompressionMode.Decompress)
                : new ZstdSharp.DecompressionStream(source);
            using var output = File.Create(target);
            var buffer = new byte[1 << 18];
            long total = 0, most = MostExpandedBytes(options);
            for (int read; (read = expander.Read(buffer)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                output.Write(buffer, 0, read);
                if ((total += read) > most)
                {
                    throw new TableException(TableError.CorruptCompression, $"{FileName} expands from {Bytes} to more than {most} bytes.");
                }
            }

            if (verifier?.Disagrees(total) == true)
            {
                throw new InvalidDataException("The end of the stream is missing.");
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            throw new TableException(
                TableError.CorruptCompression, $"{FileName} is damaged or cut off: its {Compression} stream does not end as it should.", inner: e);
        }

        return target;
    }

    // The engine takes *, ? and [ in a path for patterns, so such a file is reached by a link with a plain name.
    private string EngineSafe(string path)
    {
        if (path.AsSpan().IndexOfAny("*?[{") < 0)
        {
            return path;
        }

        var link = System.IO.Path.Combine(Folder, "source");
        File.CreateSymbolicLink(link, path);
        return link;
    }

    private static byte[] ReadHead(string path, int bytes)
    {
        using var stream = File.OpenRead(path);
        var head = new byte[(int)Math.Min(bytes, stream.Length)];
        stream.ReadExactly(head);
        return head;
    }

    private static TableException Unsupported(string what) =>
        new(TableError.UnsupportedFormat, $"{what}. Tables are read from CSV, TSV, JSON, NDJSON (also gzip or zstd) and Parquet.");
}
