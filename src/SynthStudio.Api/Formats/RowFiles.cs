using System.IO.Pipelines;
using System.Text;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Formats;

/// <summary>Files of rows in the formats that are offered, made of CSV while they are sent: nothing is stored in between.</summary>
internal static class RowFiles
{
    /// <summary>Bytes that may wait for a slow receiver.</summary>
    private const int MostWaiting = 4 << 20;

    public static string MediaType(RowFormat format) => MediaTypes.Of(Extension(format));

    public static string Extension(RowFormat format) => format switch
    {
        RowFormat.Parquet => ".parquet",
        RowFormat.JsonLines => ".jsonl",
        _ => ".csv",
    };

    /// <summary>The names of the columns: the header of a CSV file.</summary>
    /// <exception cref="NoHeaderException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static async Task<IReadOnlyList<string>> HeaderAsync(CsvRows rows, CancellationToken cancellation) => await rows.ReadAsync(cancellation)
        ? [.. Enumerable.Range(0, rows.Count).Select(i => Encoding.UTF8.GetString(rows[i]))]
        : throw new NoHeaderException();

    /// <summary>Writes rows in another format.</summary>
    /// <param name="csv">The rows as CSV with a header.</param>
    /// <param name="columns">Their columns, in the order of the header.</param>
    /// <param name="format">Parquet or JSON lines.</param>
    /// <param name="target">Where to.</param>
    /// <param name="tell">Told of rows that were written.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ValueNotOfTypeException">A cell is none of its column's type.</exception>
    /// <exception cref="InvalidDataException">The CSV is damaged.</exception>
    public static async Task ConvertAsync(
        Stream csv, IReadOnlyList<TypedColumn> columns, RowFormat format, Stream target, Action<long> tell, CancellationToken cancellation)
    {
        var rows = new CsvRows(csv);
        await HeaderAsync(rows, cancellation);
        await (format switch
        {
            RowFormat.Parquet => ParquetRows.WriteAsync(rows, columns, target, tell, cancellation),
            RowFormat.JsonLines => JsonLinesWriter.WriteAsync(rows, columns, target, tell, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "CSV is sent as it is."),
        });
    }

    /// <summary>
    /// Has one side read what the other one writes, at the same time. When one of them fails, the other one is stopped, and
    /// the failure that came first is thrown.
    /// </summary>
    public static async Task PipeAsync(
        Func<Stream, CancellationToken, Task> write, Func<Stream, CancellationToken, Task> read, CancellationToken cancellation)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: MostWaiting, resumeWriterThreshold: MostWaiting / 2, useSynchronizationContext: false));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writing = Task.Run(
            async () =>
            {
                try
                {
                    await write(pipe.Writer.AsStream(leaveOpen: true), stop.Token);
                    await pipe.Writer.CompleteAsync();
                }
                catch (Exception e)
                {
                    await pipe.Writer.CompleteAsync(e); // Who reads sees it there.
                }
            },
            CancellationToken.None);
        try
        {
            await read(pipe.Reader.AsStream(leaveOpen: true), cancellation);
        }
        finally
        {
            // The reader is told last: to a pipe that nobody reads any more one can write for ever, without an error and without being stopped.
            await stop.CancelAsync();
            await writing;
            await pipe.Reader.CompleteAsync();
        }
    }
}

/// <summary>A file of rows is empty, so that it has no columns.</summary>
internal sealed class NoHeaderException() : Exception("The rows have no header.");
