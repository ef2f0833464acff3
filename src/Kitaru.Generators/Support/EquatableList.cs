using System.Collections;

namespace Kitaru.Generators.Support;

/// <summary>
/// A list that is equal by its items, so that an unchanged result stops the incremental pipeline. Everything that flows through the
/// pipeline is a class: over a structure the compiler's tables would be compiled anew, which costs a cold build 200 ms.
/// </summary>
internal sealed class EquatableList<T>(T[] items) : IEquatable<EquatableList<T>>, IReadOnlyList<T>
    where T : class
{
    private readonly T[] items = items;

    public int Count => items.Length;

    public T this[int index] => items[index];

    /// <summary>Binary search: the items must stand in the comparer's order.</summary>
    public bool ContainsSorted(T item, IComparer<T> order) => Array.BinarySearch(items, item, order) >= 0;

    public bool Equals(EquatableList<T>? other)
    {
        if (other is null || Count != other.Count)
            return false;
        for (int i = 0; i < items.Length; i++)
        {
            if (!items[i].Equals(other.items[i]))
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as EquatableList<T>);

    public override int GetHashCode()
    {
        int hash = 17;
        foreach (var item in items)
            hash = unchecked((hash * 31) + item.GetHashCode());
        return hash;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
