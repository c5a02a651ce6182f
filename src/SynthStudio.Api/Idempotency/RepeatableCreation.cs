using SynthStudio.Catalog;

namespace SynthStudio.Api.Idempotency;

/// <summary>
/// Storing something new under a request id. The id of what is made follows from the request id, so the repeat of a call that died half-way
/// meets what that left, and goes on with it. Everything else that has the name already is a conflict.
/// </summary>
internal static class RepeatableCreation
{
    /// <summary>Stores <paramref name="wanted"/> and answers it, or what a call that died left in its place.</summary>
    /// <param name="store">Where to store it.</param>
    /// <param name="requestId">As the client sent it; empty takes nothing up.</param>
    /// <param name="wanted">What to store.</param>
    /// <param name="isLeft">Whether what is there is what such a call leaves.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="AlreadyExistsException">The name is taken by something else.</exception>
    public static Task<T> CreateOrTakeUpAsync<T>(
        this ResourceStore<T> store, string requestId, T wanted, Func<T, bool> isLeft, CancellationToken cancellation)
        where T : class, IResourceRecord =>
        CreateOrTakeUpAsync(requestId, wanted, () => store.CreateAsync(wanted, cancellation), () => store.FindAsync(wanted.Name, cancellation), isLeft);

    /// <summary>
    /// Whether what has the name can be what the same request made. An id that follows from a request id is nobody else's, and what it
    /// names may be complete by now: the job of a call that died, or whose answer did not come, may end before the repeat. An id that
    /// somebody chose may be that of an earlier request, which is then complete.
    /// </summary>
    public static bool MayBeOf(string chosenId, ArtifactState state) => chosenId.Length == 0 || state == ArtifactState.Pending;

    /// <summary>The same for any store.</summary>
    public static async Task<T> CreateOrTakeUpAsync<T>(
        string requestId, T wanted, Func<Task> create, Func<Task<T?>> find, Func<T, bool> isLeft)
        where T : class
    {
        try
        {
            await create();
            return wanted;
        }
        catch (AlreadyExistsException) when (requestId.Length > 0)
        {
            if (await find() is { } existing && isLeft(existing)) return existing;
            throw;
        }
    }
}
