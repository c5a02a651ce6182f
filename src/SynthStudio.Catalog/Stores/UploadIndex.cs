using System.Data;

namespace SynthStudio.Catalog;

/// <summary>Which uploads there are and what they are for. Their bytes are the upload store's business.</summary>
public sealed class UploadIndex
{
    private readonly IDbContextFactory<CatalogContext> _contexts;

    internal UploadIndex(IDbContextFactory<CatalogContext> contexts) => _contexts = contexts;

    /// <summary>The upload of this name; null when there is none.</summary>
    public async Task<UploadRecord?> FindAsync(string name, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Uploads.AsNoTracking().FirstOrDefaultAsync(u => u.Name == name, cancellation);
    }

    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public Task CreateAsync(UploadRecord upload, CancellationToken cancellation = default) => _contexts.InsertAsync(upload, upload.Name, cancellation);

    /// <summary>The same, unless its project has as many open as it may have.</summary>
    /// <returns>Whether there was room.</returns>
    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    public async Task<bool> TryCreateAsync(UploadRecord upload, int most, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await ProjectStore.HoldAsync(context.Database.GetDbConnection(), upload.Project, cancellation);
        if (await context.Uploads.CountAsync(u => u.Project == upload.Project && u.State == UploadState.Open, cancellation) >= most) return false;
        context.Add(upload);
        await context.SaveNewAsync(upload.Name, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Notes how much of an open upload is stored, and that it lives on. Never goes back. False when it is not open.</summary>
    public async Task<bool> AdvanceAsync(string name, long committedSize, DateTimeOffset expireTime, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Uploads.Where(u => u.Name == name && u.State == UploadState.Open).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.CommittedSize, u => u.CommittedSize > committedSize ? u.CommittedSize : committedSize)
                .SetProperty(u => u.ExpireTime, expireTime),
            cancellation) == 1;
    }

    /// <summary>Begins an open upload anew, with nothing in it. False when it is not open, or its bytes are an object already.</summary>
    public async Task<bool> RestartAsync(string name, string session, DateTimeOffset expireTime, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var isNew = await context.Uploads.Where(u => u.Name == name && u.State == UploadState.Open && u.Sha256 == "").ExecuteUpdateAsync(
            set => set
                .SetProperty(u => u.Session, session)
                .SetProperty(u => u.CommittedSize, 0L)
                .SetProperty(u => u.ExpireTime, expireTime),
            cancellation) == 1;
        if (isNew) await ForgetPiecesAsync(context, name, cancellation);
        await transaction.CommitAsync(cancellation);
        return isNew;
    }

    /// <summary>Notes the hash of an upload that is about to become an object, and that object's key: from here on the object counts as referred to.</summary>
    /// <returns>False when it is not open, or was begun anew with another session.</returns>
    public async Task<bool> NoteObjectAsync(UploadRecord upload, string sha256, string key, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Uploads.Where(u => u.Name == upload.Name && u.Session == upload.Session && u.State == UploadState.Open)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.Sha256, sha256).SetProperty(u => u.ObjectKey, key), cancellation) == 1;
    }

    /// <summary>The uploads of a project, newest first.</summary>
    public async Task<Page<UploadRecord>> ListAsync(string project, PageRequest page, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Uploads.AsNoTracking().Where(u => u.Project == project).PageAsync(page, cancellation);
    }

    /// <summary>Ends an open upload. False when it is not open: another call ended it.</summary>
    public async Task<bool> EndAsync(string name, UploadState state, long committedSize, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var ended = await context.Uploads.Where(u => u.Name == name && u.State == UploadState.Open).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.State, state).SetProperty(u => u.CommittedSize, committedSize), cancellation) == 1;
        if (ended) await ForgetPiecesAsync(context, name, cancellation);
        await transaction.CommitAsync(cancellation);
        return ended;
    }

    /// <summary>Takes an upload that never came to be out of the lists, as if it had not been made. False when it is not open, or has bytes.</summary>
    public async Task<bool> RemoveAsync(UploadRecord upload, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var removed = await context.Uploads
            .Where(u => u.Name == upload.Name && u.Session == upload.Session && u.State == UploadState.Open
                && u.CommittedSize == 0 && u.Sha256 == "")
            .ExecuteDeleteAsync(cancellation) == 1;
        if (removed) await ForgetPiecesAsync(context, upload.Name, cancellation);
        await transaction.CommitAsync(cancellation);
        return removed;
    }

    /// <summary>Takes the uploads of a project out of the lists that are not open.</summary>
    public async Task ForgetAsync(string project, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        await context.Uploads.Where(u => u.Project == project && u.State != UploadState.Open).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>The sessions of all open uploads.</summary>
    public async Task<IReadOnlySet<string>> ListOpenSessionsAsync(CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Uploads.Where(u => u.State == UploadState.Open).Select(u => u.Session).ToHashSetAsync(cancellation);
    }

    /// <summary>Open uploads that ran out, to be discarded; at most <paramref name="limit"/>.</summary>
    public async Task<IReadOnlyList<UploadRecord>> ListExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation = default)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Uploads.AsNoTracking().Where(u => u.State == UploadState.Open && u.ExpireTime <= now)
            .OrderBy(u => u.ExpireTime).Take(limit).ToListAsync(cancellation);
    }

    /// <summary>What links were given for ends with the session.</summary>
    private static Task<int> ForgetPiecesAsync(CatalogContext context, string upload, CancellationToken cancellation) =>
        context.Database.ExecuteSqlAsync($"DELETE FROM upload_pieces WHERE upload = {upload}", cancellation);
}
