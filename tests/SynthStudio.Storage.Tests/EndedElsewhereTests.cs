namespace SynthStudio.Storage.Tests;

/// <summary>
/// An upload is completed twice at once, as by a client that heard no answer: who is late finds that it has ended, and nothing damaged.
/// </summary>
[TestClass]
public sealed class EndedElsewhereTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ended-elsewhere-");

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task An_upload_whose_pieces_go_while_they_are_read_has_ended()
    {
        using var storage = new TestStorage();
        using var store = new StagedUploadStore(_folder.FullName, storage.Objects, TimeProvider.System, new GoingPieces());
        var session = $"{Guid.CreateVersion7():N}-20";

        await Assert.ThrowsExactlyAsync<UploadNotFoundException>(() => store.GetCommittedSizeAsync(session, Cancellation));

        Assert.IsEmpty(Directory.GetFiles(_folder.FullName, "*.upload"), "Half a copy would be taken for the upload by the next call.");
    }

    /// <summary>Two pieces, of which the second is removed when the first was read.</summary>
    private sealed class GoingPieces : ISharedChunks
    {
        public Task<IReadOnlyList<SharedChunk>?> ListAsync(string session, long from, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<SharedChunk>?>([new SharedChunk(0, 10), new SharedChunk(10, 10)]);

        public Task<byte[]> ReadAsync(string session, SharedChunk chunk, CancellationToken cancellation) =>
            chunk.Offset == 0 ? Task.FromResult(new byte[10]) : Task.FromException<byte[]>(new ObjectNotFoundException(session));

        public Task BeginAsync(string session, CancellationToken cancellation) => Task.CompletedTask;

        public Task PutAsync(string session, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => Task.CompletedTask;

        public Task<PieceLink?> CreateLinkAsync(string session, SharedChunk chunk, TimeSpan lifetime) => Task.FromResult<PieceLink?>(null);

        public Task<IReadOnlyList<string>> ListSessionsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

        public Task RemoveAsync(string session, CancellationToken cancellation) => Task.CompletedTask;
    }
}
