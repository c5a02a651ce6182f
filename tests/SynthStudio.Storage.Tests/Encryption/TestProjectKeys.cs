using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SynthStudio.Storage.Tests.Encryption;

/// <summary>Keys in memory, to be turned and lost.</summary>
internal sealed class TestProjectKeys : IProjectKeys
{
    private readonly ConcurrentDictionary<string, ProjectKey> _current = new();
    private readonly ConcurrentDictionary<Guid, ProjectKey> _all = new();

    public ValueTask<ProjectKey> CurrentAsync(string project, CancellationToken cancellation) => ValueTask.FromResult(_current.GetOrAdd(project, _ => Make()));

    public ValueTask<ProjectKey?> FindAsync(Guid id, CancellationToken cancellation) => ValueTask.FromResult(_all.GetValueOrDefault(id));

    public void Rotate(string project) => _current[project] = Make();

    /// <summary>As when a project is deleted.</summary>
    public void Erase(string project) => _all.TryRemove(_current[project].Id, out _);

    /// <summary>Other bytes under the same id.</summary>
    public void Falsify(string project) => _all[_current[project].Id] = new(_current[project].Id, RandomNumberGenerator.GetBytes(MasterKey.Bytes));

    private ProjectKey Make()
    {
        var key = new ProjectKey(Guid.NewGuid(), RandomNumberGenerator.GetBytes(MasterKey.Bytes));
        _all[key.Id] = key;
        return key;
    }
}
