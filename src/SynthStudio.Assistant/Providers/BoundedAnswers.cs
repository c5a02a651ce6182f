namespace SynthStudio.Assistant.Providers;

/// <summary>Breaks off answers of a service that sends more than any honest one does: what lies under a library's own buffers.</summary>
/// <param name="inner">Asks.</param>
/// <param name="most">Bytes of an answer.</param>
internal sealed class BoundedAnswers(HttpMessageHandler inner, long most) : DelegatingHandler(inner)
{
    /// <summary>Bytes that a token may come in: each is a piece of JSON of its own.</summary>
    private const int BytesPerToken = 1024;

    private const int AroundThem = 1 << 20;

    /// <summary>Bytes that an answer of so many tokens can have.</summary>
    public static long Of(int tokens) => ((long)tokens * BytesPerToken) + AroundThem;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var content = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), response.Content, most));
        foreach (var (name, values) in response.Content.Headers) content.Headers.TryAddWithoutValidation(name, values);
        response.Content = content;
        return response;
    }

    /// <summary>Reads what <paramref name="owner"/> sends.</summary>
    private sealed class BoundedStream(Stream inner, HttpContent owner, long left) : Stream
    {
        private long _left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) owner.Dispose();
            base.Dispose(disposing);
        }

        private int Count(int read) => (_left -= read) >= 0 ? read : throw new IOException("The language model's service sends without end.");
    }
}
