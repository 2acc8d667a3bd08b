// SPDX-License-Identifier: Apache-2.0
namespace TorchSharp;

/// <summary>
/// Tensors made on a thread while a scope is the thread's innermost one are disposed with the scope.
/// Scopes belong to their thread: do not <c>await</c> inside one.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? innermost;

    private readonly HashSet<torch.Tensor> tensors = new(ReferenceEqualityComparer.Instance);
    private DisposeScope? outer;
    private bool disposed;

    internal DisposeScope()
    {
        outer = innermost;
        innermost = this;
    }

    internal static DisposeScope? Innermost => innermost;

    /// <summary>How many tensors the scope would dispose now.</summary>
    public int DisposablesCount => tensors.Count;

    public bool Contains(IDisposable disposable) => disposable is torch.Tensor tensor && tensors.Contains(tensor);

    /// <summary>Hands a tensor of this scope to the scope around it, or to its owner where there is none.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        var tensor = Managed(disposable);
        if (tensors.Contains(tensor))
        {
            Remove(tensor);
            outer?.Add(tensor);
        }
        return disposable;
    }

    /// <summary>Takes a tensor of this scope out of all scopes.</summary>
    public T Detach<T>(T disposable) where T : IDisposable
    {
        var tensor = Managed(disposable);
        if (tensors.Contains(tensor))
        {
            Remove(tensor);
        }
        return disposable;
    }

    /// <summary>Puts a tensor under this scope.</summary>
    public void Attach(IDisposable disposable)
    {
        var tensor = Managed(disposable);
        tensor.OwningDisposeScope?.Remove(tensor);
        Add(tensor);
    }

    public void DisposeEverything()
    {
        var everything = tensors.ToArray();
        foreach (var tensor in everything)
        {
            tensor.Dispose();
        }
        tensors.Clear();
    }

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }
        disposed = true;
        DisposeEverything();
        Unlink();
    }

    internal void Add(torch.Tensor tensor)
    {
        tensors.Add(tensor);
        tensor.OwningDisposeScope = this;
    }

    internal void Remove(torch.Tensor tensor)
    {
        tensors.Remove(tensor);
        tensor.OwningDisposeScope = null;
    }

    // Scopes normally end innermost first; one that ends early is taken out of the middle of the chain.
    private void Unlink()
    {
        if (ReferenceEquals(innermost, this))
        {
            innermost = outer;
            return;
        }
        for (var scope = innermost; scope is not null; scope = scope.outer)
        {
            if (ReferenceEquals(scope.outer, this))
            {
                scope.outer = outer;
                return;
            }
        }
    }

    private static torch.Tensor Managed(IDisposable disposable) => disposable as torch.Tensor
        ?? throw new InvalidOperationException("A DisposeScope manages tensors only.");
}

public static partial class torch
{
    /// <summary>Opens a scope for this thread; see <see cref="DisposeScope"/>.</summary>
    public static DisposeScope NewDisposeScope() => new();
}
