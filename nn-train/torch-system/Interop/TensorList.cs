// SPDX-License-Identifier: Apache-2.0
namespace TorchSharp.Interop;

/// <summary>
/// The native pointers of several tensors, with a reference held on each until this is disposed (lists do not
/// pass through the marshaller, which holds the references of single arguments).
/// </summary>
internal readonly ref struct TensorList
{
    private readonly torch.Tensor?[] tensors;

    internal nint[] Pointers { get; }

    internal TensorList(IEnumerable<torch.Tensor?> items)
    {
        tensors = items.ToArray();
        Pointers = new nint[tensors.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            if (tensors[i] is not { } tensor)
            {
                continue;
            }
            var held = false;
            tensor.handle.DangerousAddRef(ref held);
            Pointers[i] = tensor.handle.DangerousGetHandle();
        }
    }

    public void Dispose()
    {
        foreach (var tensor in tensors)
        {
            tensor?.handle.DangerousRelease();
        }
    }
}
