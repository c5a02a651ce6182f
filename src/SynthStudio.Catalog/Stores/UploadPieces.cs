using System.Data;
using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>What became of a piece that a link is wanted for.</summary>
public enum PieceOutcome
{
    /// <summary>It is noted, or was before.</summary>
    Noted,

    /// <summary>It shares bytes with another piece.</summary>
    Overlaps,

    /// <summary>The upload has as many pieces as it may.</summary>
    TooMany,

    /// <summary>The upload is not open, or was begun anew.</summary>
    Ended,
}

/// <summary>
/// The pieces of open uploads that links were given for. Whoever has a link may fill a bucket with what it is for: since no two pieces of
/// an upload share a byte, all of them together are no more than the upload claims.
/// </summary>
public sealed class UploadPieces
{
    private readonly DbDataSource _database;

    internal UploadPieces(DbDataSource database) => _database = database;

    /// <summary>Notes a piece. The same one again is none more.</summary>
    /// <param name="upload">The upload, with the session that the piece is of.</param>
    /// <param name="start">Where it starts, in bytes.</param>
    /// <param name="length">How long it is, in bytes.</param>
    /// <param name="most">How many pieces an upload may have.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<PieceOutcome> NoteAsync(UploadRecord upload, long start, int length, int most, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var open = await connection.Command(
            $"SELECT 1 FROM uploads WHERE name = @upload AND session = @session AND state = 'Open' {SqlDialect.ForUpdate}", // Of two at once one sees the other.
            ("@upload", upload.Name), ("@session", upload.Session)).ReadAsync(_ => true, cancellation);
        if (open.Count == 0) return PieceOutcome.Ended;
        var shared = await connection.Command(
            "SELECT start, length FROM upload_pieces WHERE session = @session AND start < @end AND start + length > @start LIMIT 2",
            ("@session", upload.Session), ("@start", start), ("@end", start + length)).ReadAsync(row => (row.GetInt64(0), row.GetInt32(1)), cancellation);
        if (shared is [var only] && only == (start, length)) return PieceOutcome.Noted;
        if (shared.Count > 0) return PieceOutcome.Overlaps;
        var count = await connection.Command("SELECT count(*) FROM upload_pieces WHERE session = @session", ("@session", upload.Session)).ReadAsync(row => row.GetInt64(0), cancellation);
        if (count[0] >= most) return PieceOutcome.TooMany;
        await connection.Command(
            "INSERT INTO upload_pieces (session, start, length, upload) VALUES (@session, @start, @length, @upload)",
            ("@session", upload.Session), ("@start", start), ("@length", length), ("@upload", upload.Name)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return PieceOutcome.Noted;
    }
}
