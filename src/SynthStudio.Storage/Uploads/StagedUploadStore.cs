using System.Collections.Concurrent;

namespace SynthStudio.Storage;

/// <summary>
/// Uploads as files of their own, one a session, hashed while they grow. Finishing gives the file to the object store: in a file store
/// that is a rename. The file's length is the committed size, so nothing else needs to be kept. Where processes share their objects they also share
/// the pieces of open uploads: the file is then a copy, and whichever process is asked next makes itself another one and goes on.
/// </summary>
internal sealed class StagedUploadStore : IUploadStore, IDisposable
{
    private const string PartialSuffix = ".upload";

    /// <summary>So much is gathered before it is shared, unless somebody waits for it: a request to a bucket takes as long for little as for much.</summary>
    private const int PieceBytes = 8 << 20;

    /// <summary>Bytes of the disk that uploads leave: a database on it must go on, if only to note that something is deleted.</summary>
    private const int SparedBytes = 8 << 20;

    private readonly string _folder;
    private readonly DriveInfo _disk;
    private readonly IObjectStore _objects;
    private readonly TimeProvider _clock;
    private readonly ISharedChunks? _shared;
    private readonly ConcurrentDictionary<string, StagedUpload> _open = new();
    private readonly ITimer _idleCheck;

    /// <param name="folder">Where uploads are staged; for a file store in the same file system.</param>
    /// <param name="objects">Where finished uploads go.</param>
    /// <param name="clock">Decides when an upload is idle.</param>
    /// <param name="shared">Where other processes find open uploads; null when there are none.</param>
    public StagedUploadStore(string folder, IObjectStore objects, TimeProvider clock, ISharedChunks? shared = null)
    {
        _shared = shared;
        _folder = Path.GetFullPath(folder);
        _objects = objects;
        _clock = clock;
        DurableFiles.CreateFolder(_folder);
        _disk = new DriveInfo(_folder);
        _idleCheck = clock.CreateTimer(_ => ReleaseIdle(), null, IdlePeriod, IdlePeriod);
        if (shared is null) return;
        foreach (var copy in Directory.EnumerateFiles(_folder, "*" + PartialSuffix)) File.Delete(copy); // All that was acknowledged is shared.
    }

    /// <summary>
    /// An upload that nobody touched for so long is closed, and a copy of one goes; the next chunk opens it again and
    /// reads it once to hash it.
    /// </summary>
    public static TimeSpan IdleTime { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How often idle uploads are looked for.</summary>
    public static TimeSpan IdlePeriod { get; } = TimeSpan.FromMinutes(1);

    public async Task<string> CreateAsync(long? size, CancellationToken cancellation = default)
    {
        if (size is { } declared) ArgumentOutOfRangeException.ThrowIfNegative(declared, nameof(size));
        CheckRoom(size ?? 0);
        // The declared size is part of the name: the session knows it after a restart, without a second file.
        var session = $"{Guid.CreateVersion7():N}-{(size is null ? "u" : size.Value.ToString(System.Globalization.CultureInfo.InvariantCulture))}";
        try
        {
            _open[session] = StagedUpload.Create(PathOf(session), size, _clock);
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            File.Delete(PathOf(session));
            throw new StorageFullException(e);
        }

        if (_shared is not null) await _shared.BeginAsync(session, cancellation);
        return session;
    }

    public async Task<long> GetCommittedSizeAsync(string session, CancellationToken cancellation = default)
    {
        using var turn = await EnterAsync(session, cancellation);
        await ShareAsync(session, turn.Upload, cancellation);
        await CatchUpAsync(session, turn.Upload, cancellation);
        return turn.Upload.Length;
    }

    public async ValueTask<long> FlushAsync(string session, CancellationToken cancellation = default)
    {
        using var turn = await EnterAsync(session, cancellation);
        await ShareAsync(session, turn.Upload, cancellation);
        return turn.Upload.Length;
    }

    public async ValueTask<long> AppendAsync(
        string session, long offset, ReadOnlyMemory<byte> chunk, CancellationToken cancellation = default)
    {
        using var turn = await EnterAsync(session, cancellation);
        var upload = turn.Upload;
        if (offset > upload.Length) await CatchUpAsync(session, upload, cancellation); // Another process took what is missing here.
        if (offset != upload.Length) throw new UploadOffsetException(offset, upload.Length);
        if (offset + chunk.Length > upload.DeclaredSize) throw new UploadSizeException(offset + chunk.Length, upload.DeclaredSize.Value);
        if (upload.DeclaredSize is null) CheckRoom(chunk.Length); // Else it was reserved.
        try
        {
            upload.Append(chunk.Span);
            if (upload.Length - upload.SharedLength >= PieceBytes) await ShareAsync(session, upload, cancellation);
            return upload.Length;
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw new StorageFullException(e);
        }
    }

    public async Task<PieceLink?> CreateLinkAsync(string session, long offset, int length, TimeSpan lifetime) =>
        _shared is null ? null : await _shared.CreateLinkAsync(session, new SharedChunk(offset, length), lifetime);

    public async Task<string> GetSha256Async(string session, CancellationToken cancellation = default)
    {
        using var turn = await EnterAsync(session, cancellation);
        await CatchUpAsync(session, turn.Upload, cancellation);
        return turn.Upload.CurrentSha256();
    }

    public async Task<ObjectRef> FinishAsync(
        string session, string mediaType, string? sha256 = null, string project = "", CancellationToken cancellation = default)
    {
        using var turn = await EnterAsync(session, cancellation);
        var upload = turn.Upload;
        await CatchUpAsync(session, upload, cancellation);
        if (upload.DeclaredSize is { } declared && upload.Length != declared) throw new UploadSizeException(upload.Length, declared);
        var found = upload.CurrentSha256();
        if (sha256 is not null && sha256 != found) throw new UploadChecksumException(sha256, found);
        upload.Close();
        try
        {
            return await (project.Length > 0 ? _objects.OfProject(project) : _objects).PutHashedFileAsync(PathOf(session), found, mediaType, cancellation);
        }
        finally
        {
            _open.TryRemove(session, out _); // Only now: until the file is gone another call of the session waits for its turn.
        }
    }

    public async Task<IReadOnlyList<string>> ListSessionsAsync(DateTimeOffset before, CancellationToken cancellation = default)
    {
        IEnumerable<string> all = _shared is not null
            ? await _shared.ListSessionsAsync(cancellation)
            : Directory.EnumerateFiles(_folder, "*" + PartialSuffix).Select(file => Path.GetFileName(file)[..^PartialSuffix.Length]);
        return [.. all.Where(session => IsSession(session) && BeginOf(session) < before)];
    }

    public async Task DiscardAsync(string session, CancellationToken cancellation = default)
    {
        if (!IsSession(session)) return;
        if (_open.TryRemove(session, out var upload))
        {
            await upload.Gate.WaitAsync(cancellation);
            upload.Close();
            upload.Gate.Release();
        }

        File.Delete(PathOf(session));
        if (_shared is not null) await _shared.RemoveAsync(session, cancellation);
    }

    public void Dispose()
    {
        _idleCheck.Dispose();
        foreach (var upload in _open.Values) upload.Close();
        _open.Clear();
    }

    /// <summary>Waits for other calls of the session; opens its file again when it was closed, or after a restart.</summary>
    private async ValueTask<Turn> EnterAsync(string session, CancellationToken cancellation)
    {
        while (true)
        {
            if (!IsSession(session)) throw new UploadNotFoundException(session);
            var upload = _open.GetOrAdd(session, key => new StagedUpload(PathOf(key), DeclaredSize(key), _clock));
            await upload.Gate.WaitAsync(cancellation);
            if (upload.IsClosed)
            {
                upload.Gate.Release();
                _open.TryRemove(KeyValuePair.Create(session, upload));
                continue;
            }

            try
            {
                await OpenAsync(session, upload, cancellation);
                return new Turn(upload);
            }
            catch (Exception e)
            {
                upload.Close();
                if (e is UploadNotFoundException) File.Delete(PathOf(session)); // Half a copy of what ended elsewhere meanwhile.
                upload.Gate.Release();
                _open.TryRemove(KeyValuePair.Create(session, upload));
                if (e is FileNotFoundException) throw new UploadNotFoundException(session);
                throw;
            }
        }
    }

    /// <summary>Opens the upload's file, or makes one of what other processes have stored.</summary>
    private async Task OpenAsync(string session, StagedUpload upload, CancellationToken cancellation)
    {
        if (_shared is not null && !File.Exists(PathOf(session)))
        {
            if (await _shared.ListAsync(session, 0, cancellation) is null) throw new FileNotFoundException();
            await File.Create(PathOf(session)).DisposeAsync();
            await upload.OpenAsync(cancellation);
            await CatchUpAsync(session, upload, cancellation);
            return;
        }

        await upload.OpenAsync(cancellation);
        if (_shared is not null && await _shared.ListAsync(session, 0, cancellation) is [.., var last]) upload.SharedLength = Math.Min(last.End, upload.Length);
    }

    /// <summary>Lets other processes find all of the upload.</summary>
    private async Task ShareAsync(string session, StagedUpload upload, CancellationToken cancellation)
    {
        while (_shared is not null && upload.SharedLength < upload.Length)
        {
            var end = Math.Min(upload.Length, upload.SharedLength + PieceBytes);
            await _shared.PutAsync(session, upload.SharedLength, await upload.ReadAsync(upload.SharedLength, end, cancellation), cancellation);
            upload.SharedLength = end;
        }
    }

    /// <summary>Takes over what other processes have stored beyond what is here.</summary>
    /// <exception cref="UploadNotFoundException">It ended meanwhile.</exception>
    private async Task CatchUpAsync(string session, StagedUpload upload, CancellationToken cancellation)
    {
        if (_shared is null) return;
        foreach (var chunk in await _shared.ListAsync(session, upload.Length, cancellation) ?? [])
        {
            var bytes = await ReadAsync(_shared, session, chunk, cancellation);
            upload.Append(bytes.AsSpan((int)(upload.Length - chunk.Offset)));
            upload.SharedLength = upload.Length;
        }
    }

    private static async Task<byte[]> ReadAsync(ISharedChunks shared, string session, SharedChunk chunk, CancellationToken cancellation)
    {
        try
        {
            return await shared.ReadAsync(session, chunk, cancellation);
        }
        catch (ObjectNotFoundException)
        {
            throw new UploadNotFoundException(session); // It was there a moment ago, and nobody removes pieces but who ends their upload.
        }
    }

    private void ReleaseIdle()
    {
        var idleSince = _clock.GetTimestamp() - (long)(IdleTime.TotalSeconds * _clock.TimestampFrequency);
        foreach (var (session, upload) in _open)
        {
            if (upload.LastUse > idleSince || !upload.Gate.Wait(0, CancellationToken.None)) continue;
            upload.Close();
            upload.Gate.Release();
            _open.TryRemove(KeyValuePair.Create(session, upload));
        }

        if (_shared is not null) DeleteIdleCopies(_clock.GetUtcNow() - IdleTime);
    }

    /// <summary>Deletes copies that no call has open, those of calls that failed among them: all that was acknowledged is shared.</summary>
    private void DeleteIdleCopies(DateTimeOffset before)
    {
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*" + PartialSuffix).Where(file => file.LastWriteTimeUtc < before))
        {
            var session = file.Name[..^PartialSuffix.Length];
            var closed = new StagedUpload(file.FullName, declaredSize: null, _clock);
            closed.Close();
            if (!_open.TryAdd(session, closed)) continue;
            try
            {
                file.Delete(); // A call that comes now finds the closed upload, and begins anew.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is tried again at the next look.
            }
            finally
            {
                _open.TryRemove(KeyValuePair.Create(session, closed));
            }
        }
    }

    private void CheckRoom(long bytes)
    {
        if (_disk.AvailableFreeSpace - SparedBytes < bytes) throw new StorageFullException();
    }

    private string PathOf(string session) => Path.Combine(_folder, session + PartialSuffix);

    private static bool IsSession(string session) =>
        session.Split('-') is [{ Length: 32 } id, var size] && id.All(char.IsAsciiHexDigitLower)
        && (size == "u" || (size.Length is > 0 and < 19 && size.All(char.IsAsciiDigit)));

    /// <summary>The first 48 bits of a UUID of version 7 are its milliseconds.</summary>
    private static DateTimeOffset BeginOf(string session) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(
            session.AsSpan(0, 12), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture));

    private static long? DeclaredSize(string session) =>
        session[(session.IndexOf('-') + 1)..] is var size && size == "u"
            ? null
            : long.Parse(size, System.Globalization.CultureInfo.InvariantCulture);

    private readonly struct Turn(StagedUpload upload) : IDisposable
    {
        public StagedUpload Upload { get; } = upload;

        public void Dispose()
        {
            Upload.Touch();
            Upload.Gate.Release();
        }
    }
}
