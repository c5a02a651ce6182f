namespace SynthStudio.Hosting;

/// <summary>The files of a server without external stores. One process at a time uses it.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    /// <summary>Connection string of the database: catalog, queue and progress log.</summary>
    public string Database => $"Data Source={System.IO.Path.Combine(Path, "synthstudio.db")}";

    /// <summary>
    /// Connection string of the grains' state and reminders: a file of its own, so that grains
    /// and catalog never wait for each other's writes.
    /// </summary>
    public string GrainDatabase => $"Data Source={System.IO.Path.Combine(Path, "grains.db")}";

    public string Scratch => System.IO.Path.Combine(Path, "scratch");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>The first administrator's API key, readable by its user only.</summary>
    public string AdminKeyFile => System.IO.Path.Combine(Path, "admin.key");

    /// <summary>Creates the folder if need be, for its user only, and locks it.</summary>
    /// <exception cref="ServerStartException">It cannot be written, or another process uses it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new DataFolder(System.IO.Path.GetFullPath(path), Lock(path));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ServerStartException($"{path} cannot be written; choose another data folder.", exception);
        }
        catch (IOException exception)
        {
            throw new ServerStartException($"{path} cannot be used, or another server uses it: {exception.Message}", exception);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path) =>
        new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
}
