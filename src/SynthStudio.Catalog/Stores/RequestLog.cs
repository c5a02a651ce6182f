using System.Data.Common;
using System.Text;

namespace SynthStudio.Catalog;

/// <summary>Identifies a mutation that a client may send twice.</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Method">Full name of the RPC.</param>
/// <param name="RequestId">As the client chose it.</param>
public readonly record struct RequestKey(string Principal, string Method, string RequestId);

/// <summary>What is known of a request id.</summary>
public enum RequestClaimKind
{
    /// <summary>Not seen before, or begun and not known to be done: carry it out, then <see cref="RequestLog.CompleteAsync"/> it.</summary>
    New,

    /// <summary>Done before: answer <see cref="RequestClaim.Response"/>.</summary>
    Replay,

    /// <summary>The same request runs right now.</summary>
    InProgress,

    /// <summary>The id was used for another request.</summary>
    Mismatch,
}

/// <summary>The answer to <see cref="RequestLog.ClaimAsync"/>.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Response">What was answered, of a replay.</param>
/// <param name="IsRepeat">Whether the request was begun before, and may have been carried out.</param>
public readonly record struct RequestClaim(RequestClaimKind Kind, byte[]? Response = null, bool IsRepeat = false);

/// <summary>Makes mutations idempotent by their request ids.</summary>
public sealed class RequestLog
{
    /// <summary>A call that was neither completed nor renewed for so long is taken to be lost; a repeat runs it again.</summary>
    public static readonly TimeSpan ClaimLifetime = TimeSpan.FromSeconds(15);

    private const string Identity = "principal = @principal AND method = @method AND request_id = @id";

    private readonly DbDataSource _database;
    private readonly string _owner;

    /// <param name="database">The catalog.</param>
    /// <param name="owner">
    /// Where one process at a time uses the catalog, this run of it: claims of any other one are of a process that died, and a repeat runs them
    /// again at once. Where several do, the same for all: a claim whose process died is run again after <see cref="ClaimLifetime"/>.
    /// </param>
    internal RequestLog(DbDataSource database, string owner)
    {
        _database = database;
        _owner = owner;
    }

    /// <summary>Claims a request id. Of any number of concurrent callers one gets <see cref="RequestClaimKind.New"/>.</summary>
    /// <param name="key">Who asks what under which id.</param>
    /// <param name="requestHash">SHA-256 of the request without its id.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<RequestClaim> ClaimAsync(RequestKey key, byte[] requestHash, DateTimeOffset now, CancellationToken cancellation = default)
    {
        // Also takes over a claim whose process died, or that was not completed in time, if it is for the same request.
        var claimed = await _database.ReadAsync(
            """
            INSERT INTO request_ids (principal, method, request_id, request_hash, response, time, owner)
            VALUES (@principal, @method, @id, @hash, NULL, @now, @owner)
            ON CONFLICT (principal, method, request_id) DO UPDATE SET time = excluded.time, owner = excluded.owner, tries = request_ids.tries + 1
            WHERE request_ids.response IS NULL AND request_ids.request_hash = excluded.request_hash
                AND (request_ids.owner <> excluded.owner OR request_ids.time <= @dead)
            RETURNING tries
            """, row => row.GetInt32(0), cancellation,
            [.. Parameters(key), ("@hash", requestHash), ("@now", now), ("@dead", now - ClaimLifetime), ("@owner", _owner)]);
        if (claimed is [var tries]) return new RequestClaim(RequestClaimKind.New, IsRepeat: tries > 1);

        var known = await _database.ReadAsync(
            $"SELECT request_hash, response FROM request_ids WHERE {Identity}",
            row => (Hash: row.GetFieldValue<byte[]>(0), Response: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)), cancellation,
            Parameters(key));
        return known switch
        {
            [] => new RequestClaim(RequestClaimKind.InProgress), // Abandoned in between: the client's retry claims it.
            [var (hash, _)] when !hash.AsSpan().SequenceEqual(requestHash) => new RequestClaim(RequestClaimKind.Mismatch),
            [var (_, response)] when response is not null => new RequestClaim(RequestClaimKind.Replay, response),
            _ => new RequestClaim(RequestClaimKind.InProgress),
        };
    }

    /// <summary>Says that the call still runs. False when the claim is another one's by now.</summary>
    /// <param name="key">As it was claimed.</param>
    /// <param name="claimed">The time of the claim, or of its last renewal.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<bool> RenewAsync(RequestKey key, DateTimeOffset claimed, DateTimeOffset now, CancellationToken cancellation = default) =>
        await _database.ExecuteAsync(
            $"UPDATE request_ids SET time = @now WHERE {Identity} AND response IS NULL AND time = @claimed", cancellation,
            [.. Parameters(key), ("@now", now), ("@claimed", claimed)]) == 1;

    /// <summary>Keeps the answer for repeats.</summary>
    public Task CompleteAsync(RequestKey key, byte[] response, CancellationToken cancellation = default) => _database.ExecuteAsync(
        $"UPDATE request_ids SET response = @response WHERE {Identity}", cancellation, [.. Parameters(key), ("@response", response)]);

    /// <summary>Gives an id free that was claimed and not answered: the call failed. A claim of somebody else stays.</summary>
    /// <param name="key">As it was claimed.</param>
    /// <param name="claimed">The time of the claim.</param>
    /// <param name="mayBeDone">Whether the call may have been, or may still be, carried out: then the id is free
    /// for a repeat of it, which is told so.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task AbandonAsync(
        RequestKey key, DateTimeOffset claimed, bool mayBeDone = false, CancellationToken cancellation = default) => _database.ExecuteAsync(
        $"{(mayBeDone ? "UPDATE request_ids SET time = @dead" : "DELETE FROM request_ids")} WHERE {Identity} AND response IS NULL AND time = @time",
        cancellation,
        [
            .. Parameters(key), ("@time", claimed),
            .. mayBeDone ? [("@dead", (object?)(claimed - ClaimLifetime))] : Array.Empty<(string, object?)>()
        ]);

    /// <summary>Forgets ids first seen before a time; answers how many.</summary>
    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation = default) =>
        _database.ExecuteAsync("DELETE FROM request_ids WHERE time < @before", cancellation, ("@before", before));

    /// <summary>
    /// Deletes the answers that name a user or a project, or something of it, and those to the user, within somebody's transaction; answers
    /// how many. Answers are messages as they go over the wire, where a text comes after its length: so <c>users/ann</c> is found, alone or
    /// before a slash, and <c>users/anna</c> is not.
    /// </summary>
    internal static Task<int> ForgetAboutAsync(DbConnection connection, string name, CancellationToken cancellation)
    {
        var holds = SqlDialect.Of(connection).Holds;
        var bytes = Encoding.UTF8.GetBytes(name);
        return connection.Command(
            $"DELETE FROM request_ids WHERE principal = @name OR {holds("response", "@whole")} OR {holds("response", "@within")}", ("@name", name),
            ("@whole", (byte[])[(byte)bytes.Length, .. bytes]), ("@within", (byte[])[.. bytes, (byte)'/'])).ExecuteAsync(cancellation);
    }

    private static (string Name, object? Value)[] Parameters(RequestKey key) =>
        [("@principal", key.Principal), ("@method", key.Method), ("@id", key.RequestId)];
}
