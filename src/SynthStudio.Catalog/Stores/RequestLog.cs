namespace SynthStudio.Catalog;

/// <summary>Identifies a mutation that a client may send twice.</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Method">Full name of the RPC.</param>
/// <param name="RequestId">As the client chose it.</param>
public readonly record struct RequestKey(string Principal, string Method, string RequestId);

/// <summary>What is known of a request id.</summary>
public enum RequestClaimKind
{
    /// <summary>Not seen before: carry it out, then <see cref="RequestLog.CompleteAsync"/> it.</summary>
    New,

    /// <summary>Done before: answer <see cref="RequestClaim.Response"/>.</summary>
    Replay,

    /// <summary>The same request runs right now.</summary>
    InProgress,

    /// <summary>The id was used for another request.</summary>
    Mismatch,
}

/// <summary>The answer to <see cref="RequestLog.ClaimAsync"/>.</summary>
public readonly record struct RequestClaim(RequestClaimKind Kind, byte[]? Response = null);

/// <summary>Makes mutations idempotent by their request ids.</summary>
public sealed class RequestLog
{
    /// <summary>A call that has not completed after this is taken to have died with its process; a repeat runs it again.</summary>
    public static readonly TimeSpan ClaimLifetime = TimeSpan.FromMinutes(2);

    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal RequestLog(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    /// <summary>Claims a request id. Of any number of concurrent callers one gets <see cref="RequestClaimKind.New"/>.</summary>
    /// <param name="key">Who asks what under which id.</param>
    /// <param name="requestHash">SHA-256 of the request without its id.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<RequestClaim> ClaimAsync(RequestKey key, byte[] requestHash, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var row = new RequestRow
        {
            Principal = key.Principal, Method = key.Method, RequestId = key.RequestId, RequestHash = requestHash, Time = now,
        };
        context.Add(row);
        try
        {
            await context.SaveNewAsync(key.RequestId, cancellation);
            return new RequestClaim(RequestClaimKind.New);
        }
        catch (AlreadyExistsException)
        {
            context.ChangeTracker.Clear();
        }

        var known = await Find(context, key).AsNoTracking().FirstOrDefaultAsync(cancellation);
        if (known is null) return new RequestClaim(RequestClaimKind.InProgress); // Abandoned in between: the client's retry claims it.
        if (!known.RequestHash.AsSpan().SequenceEqual(requestHash)) return new RequestClaim(RequestClaimKind.Mismatch);
        if (known.Response is not null) return new RequestClaim(RequestClaimKind.Replay, known.Response);
        if (now - known.Time < ClaimLifetime) return new RequestClaim(RequestClaimKind.InProgress);
        var taken = await Find(context, key).Where(r => r.Response == null && r.Time == known.Time)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Time, now), cancellation);
        return new RequestClaim(taken == 1 ? RequestClaimKind.New : RequestClaimKind.InProgress);
    }

    /// <summary>Keeps the answer for repeats.</summary>
    public async Task CompleteAsync(RequestKey key, byte[] response, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await Find(context, key).ExecuteUpdateAsync(set => set.SetProperty(r => r.Response, response), cancellation);
    }

    /// <summary>Gives a claimed id free: the call failed and changed nothing.</summary>
    public async Task AbandonAsync(RequestKey key, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await Find(context, key).Where(r => r.Response == null).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Forgets ids first seen before a time; answers how many.</summary>
    public async Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Requests.Where(r => r.Time < before).ExecuteDeleteAsync(cancellation);
    }

    private static IQueryable<RequestRow> Find(CatalogContext context, RequestKey key) => context.Requests.Where(
        r => r.Principal == key.Principal && r.Method == key.Method && r.RequestId == key.RequestId);
}
